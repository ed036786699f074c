/* What went wrong with the input, as values: severity, stable code, place, text. Nothing is printed
 * here; reporters show every diagnostic in every format. */
#ifndef AS_BASE_DIAG_H
#define AS_BASE_DIAG_H

#include "engine/base/source.h"
#include "engine/base/vec.h"

typedef enum as_diag_severity {
    AS_DIAG_NOTE,    /* for information: "skipped: generated file" */
    AS_DIAG_WARNING, /* judged, but with less than hoped: "module not found: outputs unknown" */
    AS_DIAG_ERROR,   /* some input could not be read or evaluated (exit code 3) */
} as_diag_severity;

typedef struct as_diag {
    as_diag_severity severity;
    const char *code; /* stable, kebab-case, area first: "hcl-syntax", "yaml-alias-bomb" */
    as_span span;     /* the tightest place to look at */
    as_str path;      /* when there is no source (a file that cannot be read), else empty */
    as_str summary;   /* one line: what is wrong here */
    as_str detail;    /* what to do about it; may be empty */
} as_diag;

typedef struct as_diags {
    as_arena *arena; /* owns the texts */
    AS_VEC(as_diag) list;
    size_t n_errors, n_warnings;
} as_diags;

void as_diags_init(as_diags *diags, as_arena *arena);
/* Texts are copied. At most AS_MAX_DIAGS are kept; the counts go on. */
void as_diags_add(as_diags *diags, as_diag_severity severity, const char *code, as_span span,
        const char *summary_fmt, ...) AS_PRINTF(5, 6);
/* Sets the detail of the diagnostic added last. */
void as_diags_detail(as_diags *diags, const char *fmt, ...) AS_PRINTF(2, 3);
/* A diagnostic about a path that has no source. */
void as_diags_add_path(as_diags *diags, as_diag_severity severity, const char *code, as_str path,
        const char *summary_fmt, ...) AS_PRINTF(5, 6);
/* Appends copies of all of `from`. */
void as_diags_append(as_diags *diags, const as_diags *from);

#endif
