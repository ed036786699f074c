/* The little language of --set and its sisters: a.b[0].c=value,list={x,y} (Helm pkg/strvals). */
#ifndef AS_HELM_STRVALS_H
#define AS_HELM_STRVALS_H

#include "engine/base/source.h"
#include "parsers/helm/table.h"

typedef enum as_helm_set_kind {
    AS_HELM_SET,         /* --set: true, null and integers are typed */
    AS_HELM_SET_STRING,  /* --set-string: text always */
    AS_HELM_SET_JSON,    /* --set-json: each value is JSON */
    AS_HELM_SET_FILE,    /* --set-file: each value is a path, read through `read_file` */
    AS_HELM_SET_LITERAL, /* --set-literal: one key, then text up to the end */
} as_helm_set_kind;

/* Gives the content of a file named by --set-file; false with *error set when there is none. */
typedef bool (*as_helm_read_file)(
        void *context, as_arena *arena, as_str path, as_str *text, as_str *error);

typedef struct as_helm_set {
    as_helm_set_kind kind;
    as_str text;
    as_span span; /* of the text, when it has a place: then values have places within it */
} as_helm_set;

/* Applies one argument to `into`. False: *error holds Helm's reason, and what came before the error
 * has been applied. */
bool as_helm_set_apply(as_arena *arena, as_helm_set set, as_helm_read_file read_file, void *context,
        as_helm_table *into, as_str *error) AS_MUST_CHECK;

#endif
