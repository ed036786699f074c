/* The shared files of AWS's tools: ~/.aws/config and ~/.aws/credentials
 * (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html). */
#ifndef AS_LIVE_AWS_PROFILE_H
#define AS_LIVE_AWS_PROFILE_H

#include "engine/base/map.h"

typedef struct as_aws_profiles {
    as_map profiles; /* name → as_map of key → as_str; settings of both files, credentials win */
    as_map sessions; /* [sso-session NAME] */
} as_aws_profiles;

/* The files that the environment names (AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE), else those
 * in ~/.aws; one that is missing is empty. */
as_aws_profiles *as_aws_profiles_read(as_arena *arena);
/* The text of a file, in two halves for tests: `is_config` has sections "profile NAME". */
void as_aws_profiles_add(as_arena *arena, as_aws_profiles *profiles, as_str text, bool is_config);

/* A section's setting; "" when it is not there. `section` may be NULL. */
as_str as_aws_setting(const as_map *section, const char *key);

/* A file's text, in `arena`, at most 1 MiB; false when it cannot be read. */
bool as_aws_file(as_arena *arena, as_str path, as_str *text) AS_MUST_CHECK;
/* "~/…" from $HOME. */
as_str as_aws_home_path(as_arena *arena, const char *below);

#endif
