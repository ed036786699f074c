/* What a file is, from its path and, where that does not tell, from a glance at its content.
 * Nothing is parsed: keys are read off the lines, so a broken manifest is still known as one. */
#ifndef AS_DETECT_DETECT_H
#define AS_DETECT_DETECT_H

#include "engine/base/str.h"

typedef enum as_file_kind {
    AS_FILE_OTHER,
#define AS_FILE_KIND(id, name, support) AS_FILE_##id,
#include "parsers/detect/kinds.def"
#undef AS_FILE_KIND
    AS_FILE_N_KINDS,
} as_file_kind;

typedef enum as_file_support {
    AS_FILE_IGNORED,     /* nothing that could be judged: skipped silently */
    AS_FILE_SUPPORTED,   /* a parser reads it */
    AS_FILE_PART,        /* read along with another file: lock files, templates, values */
    AS_FILE_UNSUPPORTED, /* infrastructure that no parser reads: a line in the ledger */
} as_file_support;

const char *as_file_kind_name(as_file_kind kind); /* "terraform", "kubernetes", …; for the ledger */
as_file_support as_file_kind_support(as_file_kind kind);

/* The kind by name alone. `chart` is the innermost folder above the file that holds a Chart.yaml;
 * pass "" with in_chart for the root, and in_chart false when there is none. True when *kind is
 * final; false when as_detect must see the text. A file of no interest is AS_FILE_OTHER, finally.
 */
bool as_detect_name(as_str path, as_str chart, bool in_chart, as_file_kind *kind);
/* The same with the text at hand: always final. */
as_file_kind as_detect(as_str path, as_str chart, bool in_chart, as_str text);

/* What accounts and clusters answered, by words near the front of the text. False: it is something
 * else. */
bool as_detect_live(as_str path, as_str text, as_file_kind *kind);

#endif
