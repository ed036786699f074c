/* Files that are built into the program, made by engine/rules/embed_files.lua. */
#ifndef AS_RULES_EMBEDDED_H
#define AS_RULES_EMBEDDED_H

#include "engine/base/str.h"

typedef struct as_embedded_file {
    as_str path; /* "rules/frameworks/cis-aws.yaml" */
    as_str text;
} as_embedded_file;

/* The text of the first file whose path ends so ("/gcp_roles.tsv"); "" when none does. */
as_str as_embedded_text(const as_embedded_file *files, size_t n, const char *end);

extern const as_embedded_file as_framework_files[]; /* sorted by path */
extern const size_t as_framework_files_n;

extern const as_embedded_file as_live_files[]; /* what answers of live APIs mean */
extern const size_t as_live_files_n;

extern const as_embedded_file as_serve_files[]; /* pages, style and scripts of assay serve */
extern const size_t as_serve_files_n;

extern const as_embedded_file as_aws_files[]; /* operations, plan and shapes of rules/data */
extern const size_t as_aws_files_n;

extern const as_embedded_file as_gcp_files[]; /* permissions and roles of rules/data */
extern const size_t as_gcp_files_n;

#endif
