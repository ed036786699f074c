/* A snapshot: what an account, project or cluster answered, call by call, in a folder.
 *
 *     manifest.json                                      who, when, what is missing; the SHA-256 of
 * each part aws/ACCOUNT/REGION/SERVICE.ndjson.zst              global services under the region
 * "global" gcp/PROJECT/API.ndjson.zst   k8s/CLUSTER/GROUP_VERSION.ndjson.zst
 *
 * A line is one answer:
 * {"v":1,"op":"ec2:DescribeVpcs","params":{},"page":0,"time":"…Z","status":200,
 * "request_id":"…","error":null,"body":{},"last":true}; with "absent":true the error says that what
 * was asked for is not set, and is no failure. While it is written a part is a journal without
 * compression; after an interruption calls whose last page is there are not asked again. When all
 * is there the parts are sorted, compressed, sealed where asked for, and named in the manifest;
 * files are 0600 and appear whole. */
#ifndef AS_LIVE_SNAPSHOT_H
#define AS_LIVE_SNAPSHOT_H

#include "engine/base/fs.h"
#include "engine/value/value.h"

#define AS_SNAPSHOT_MANIFEST "manifest.json"

typedef struct as_snapshot_answer {
    as_str op;              /* "ec2:DescribeVpcs" */
    const as_value *params; /* object; NULL: none */
    unsigned page;
    as_str time; /* "2026-01-31T00:00:00Z" */
    int status;
    as_str request_id;
    as_str error;         /* the code: "AccessDenied"; empty: none */
    const as_value *body; /* NULL: none */
    bool last;            /* of its pages */
    bool absent;          /* the error says that there is none: nothing is missing */
} as_snapshot_answer;

/* --- writing -------------------------------------------------------------------------------------- */

typedef struct as_snapshot as_snapshot;

typedef struct as_snapshot_options {
    bool resume;        /* go on with what is in the folder */
    as_str seal_to_pem; /* certificate whose key alone can read the parts; empty: not sealed */
} as_snapshot_options;

/* Makes the folder; one that holds something is refused unless it is resumed. NULL with *problem.
 * Freed with the arena, journals stay. */
as_snapshot *as_snapshot_create(
        as_arena *arena, as_str dir, const as_snapshot_options *options, as_str *problem);

/* Whether nothing is left to ask: there is a manifest by which every call was answered, and no
 * journal of a later run. */
bool as_snapshot_is_complete(as_arena *arena, as_str dir);

/* The pages of a call that an earlier run has finished, in order, in `arena`; 0 when there is none.
 */
size_t as_snapshot_recall(const as_snapshot *snapshot, as_arena *arena, as_str part, as_str op,
        const as_value *params, const as_snapshot_answer **pages);

/* Appends to the journal of `part` ("aws/123456789012/eu-west-1/ec2"). False with *problem: the
 * disk is full or the folder is gone. */
bool as_snapshot_add(as_snapshot *snapshot, as_str part, const as_snapshot_answer *answer,
        as_str *problem) AS_MUST_CHECK;

/* Sorts, compresses and seals the parts and writes the manifest: `about` is an object whose members
 * go into it
 * ("scopes", "started" …). */
bool as_snapshot_finish(
        as_snapshot *snapshot, const as_value *about, as_str *problem) AS_MUST_CHECK;

/* A line, parsed. */
as_snapshot_answer as_snapshot_answer_of(const as_value *v);

/* --- reading -------------------------------------------------------------------------------------- */

typedef struct as_snapshot_part {
    as_str name;             /* "aws/123456789012/eu-west-1/ec2" */
    const as_source *source; /* the lines, uncompressed */
} as_snapshot_part;

typedef AS_VEC(as_snapshot_part) as_snapshot_parts;

/* What the manifest of the snapshot in `dir` says; NULL, with a diagnostic, when there is none that
 * can be read. */
const as_value *as_snapshot_manifest(as_arena *arena, as_fs *fs, as_str dir, as_diags *diags);

/* The parts of the snapshot in `dir` of `fs`, as its manifest names them, sorted by name. A part
 * that is missing or was changed is a diagnostic, and the others are read. Sealed parts need the
 * key (PEM). */
void as_snapshot_open(as_arena *arena, as_fs *fs, as_str dir, as_str key_pem, as_diags *diags,
        as_snapshot_parts *out);

/* Only those parts whose names begin with `prefix`. */
void as_snapshot_open_some(as_arena *arena, as_fs *fs, as_str dir, as_str prefix, as_str key_pem,
        as_diags *diags, as_snapshot_parts *out);

/* Only some parts of it, of a manifest that was read before: entries of the manifest's "parts". */
void as_snapshot_open_parts(as_arena *arena, as_fs *fs, as_str dir, const as_value *const *parts,
        size_t n, as_str key_pem, as_diags *diags, as_snapshot_parts *out);

/* The answers of a part, in its order, with places in its source. Broken lines are diagnostics. */
void as_snapshot_answers(as_arena *arena, const as_snapshot_part *part, as_diags *diags,
        const as_snapshot_answer **out, size_t *n);

#endif
