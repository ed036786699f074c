/* assay report --bundle and --verify. */
#ifndef AS_CLI_BUNDLE_H
#define AS_CLI_BUNDLE_H

#include "engine/cli/command.h"
#include "reporters/audit/audit.h"

typedef struct as_bundle_settings {
    as_str bundle, key, cert; /* files; key and cert PEM, both or none */
    as_str verify, trust;
} as_bundle_settings;

#define AS_BUNDLE_OPTIONS(S)                                                                       \
    AS_OPTION_GROUP("Evidence"),                                                                   \
            AS_OPTION_TEXT(S, bundle.bundle, 0, "bundle", "PATH",                                  \
                    "the reports with a manifest of SHA-256, in a new folder or NAME.tar"),        \
            AS_OPTION_TEXT(S, bundle.key, 0, "sign-key", "FILE",                                   \
                    "sign the manifest with this key (PEM) …"),                                    \
            AS_OPTION_TEXT(S, bundle.cert, 0, "sign-cert", "FILE", "… and its certificate (PEM)"), \
            AS_OPTION_TEXT(                                                                        \
                    S, bundle.verify, 0, "verify", "PATH", "check a bundle in place of scanning"), \
            AS_OPTION_TEXT(S, bundle.trust, 0, "trust", "FILE",                                    \
                    "certificates (PEM) one of which must have signed it")

/* False after saying what is wrong with the options; before the scan. */
bool as_bundle_valid(as_cli *cli, const as_bundle_settings *settings);
as_exit as_bundle_make(as_cli *cli, const as_bundle_settings *settings, const as_audit *audit);
/* AS_EXIT_FINDINGS when something is not as it was. */
as_exit as_bundle_check_file(as_cli *cli, const as_bundle_settings *settings);

#endif
