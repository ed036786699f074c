/* What must not reach the disk: values at given paths of an answer are replaced by
 * {"redacted": true, "sha256": "…", "class": "…"}, so that a change is still seen and a secret
 * still found. */
#ifndef AS_LIVE_AWS_REDACT_PATHS_H
#define AS_LIVE_AWS_REDACT_PATHS_H

#include "engine/secrets/secrets.h"
#include "engine/value/value.h"

/* `paths` are separated by blanks: "Functions[].Environment.Variables.*", "UserData.Value"; [] is
 * each element,
 * * each member. Texts alone are replaced, empty ones stay. The class is the group of the first
 * secret in the text ("aws"), also behind base64, else "none". In `arena`; what is not touched is
 * shared. */
const as_value *as_aws_redact_paths(
        as_arena *arena, as_secret_finder *finder, const as_value *body, as_str paths);

#endif
