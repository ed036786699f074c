/* A format of the report: one file pair and one line in reporters.def. */
#ifndef AS_REPORTERS_REPORTER_H
#define AS_REPORTERS_REPORTER_H

#include "engine/base/buf.h"
#include "engine/scan/report.h"

typedef struct as_reporter_style {
    bool color;   /* ANSI colours */
    int width;    /* columns of the terminal; 0: unlimited */
    bool verbose; /* also what a person would skip */
    bool quiet;   /* text: only what fails and what could not be read */
} as_reporter_style;

typedef struct as_reporter {
    const char *name;      /* "sarif" */
    const char *summary;   /* one line for --help */
    const char *extension; /* "sarif" */
    void (*write)(const as_report *report, const as_reporter_style *style, as_buf *out);
    bool dated; /* it says when it was written, or what else is in the environment */
} as_reporter;

/* NULL-terminated, in the order of reporters.def. */
extern const as_reporter *const as_reporters[];
const as_reporter *as_reporter_find(as_str name); /* NULL when there is none */

#endif
