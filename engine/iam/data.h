/* Tables of rules/data that are built in, compressed: actions and policies of AWS. */
#ifndef AS_IAM_DATA_H
#define AS_IAM_DATA_H

#include "engine/base/arena.h"

typedef struct as_iam_blob {
    const char *name;
    const unsigned char *bytes; /* gzip */
    size_t n;
} as_iam_blob;

/* A part of a table, compressed by itself. */
typedef struct as_iam_page {
    as_str first; /* the first field of its first line */
    const unsigned char *bytes;
    size_t n;
} as_iam_page;

extern const as_iam_page as_iam_policy_pages[]; /* sorted */
extern const size_t as_iam_n_policy_pages;

extern const as_iam_blob as_iam_blobs[];
extern const size_t as_iam_n_blobs;

/* The text of a table ("aws_iam_actions"): lines of fields between tabs. Empty when it is not
 * there. */
as_str as_iam_data_text(as_arena *arena, const char *name);

/* An action of AWS: Service Authorization Reference. */
typedef struct as_iam_action {
    as_str service, name;
    char level;       /* 'L' list, 'R' read, 'W' write, 'P' permissions management, 'T' tagging */
    as_str resources; /* "bucket*,object{s3:prefix}"; empty: only "*" */
} as_iam_action;

typedef struct as_iam_actions {
    const as_iam_action *items; /* sorted by service and name, without regard to case */
    size_t n;
} as_iam_actions;

as_iam_actions as_iam_actions_load(as_arena *arena);
const char *as_iam_level_name(char level); /* "list", "read", "write", … */

/* The policies that AWS manages; zero-initialised to begin with. Pages are unpacked when one of
 * their policies is asked for, and kept. */
typedef struct as_iam_managed {
    as_str *pages; /* text by page; NULL until one is unpacked */
} as_iam_managed;

/* The document of "arn:aws:iam::aws:policy/NAME", in `arena`, or "". */
as_str as_iam_managed_find(as_iam_managed *managed, as_arena *arena, as_str arn);

#endif
