/* Text for people at a terminal: escaped, coloured, with excerpts of the source. Shared by the text
 * report and by every command that prints diagnostics. */
#ifndef AS_REPORTERS_TERMINAL_H
#define AS_REPORTERS_TERMINAL_H

#include "engine/base/buf.h"
#include "engine/base/diag.h"

typedef struct as_terminal {
    bool color;
    int width; /* 0: unlimited */
    as_sources *sources;
    as_str path_prefix; /* shown in front of the paths of sources … */
    as_str here;        /* … that do not lie below this folder ("infra/"), where one stands */
    bool hide_span;     /* excerpts do not show what they underline: it is a secret */
} as_terminal;

typedef enum as_paint {
    AS_PAINT_NONE,
    AS_PAINT_BOLD,
    AS_PAINT_DIM,
    AS_PAINT_RED,
    AS_PAINT_GREEN,
    AS_PAINT_YELLOW,
    AS_PAINT_BLUE,
    AS_PAINT_MAGENTA,
    AS_PAINT_CYAN,
    AS_PAINT_BADGE, /* white on red */
} as_paint;

/* Text with everything that a terminal could take for a command made visible: control characters
 * (C0, DEL, C1) and bytes that are no UTF-8 as \xNN, bidirectional overrides as \u{NNNN}; a line
 * break becomes "\n". */
void as_terminal_text(as_buf *buf, as_str text);
/* A text of several lines, each escaped. */
as_str as_terminal_lines(as_arena *arena, as_str text);
/* The same in a colour. */
void as_terminal_paint(as_buf *buf, const as_terminal *terminal, as_paint paint, as_str text);

/* The path of a source as it is reached from where one stands. */
void as_terminal_path(as_buf *buf, const as_terminal *terminal, as_paint paint, as_str path);
/* "path:line:column" of the span; "" without a place. */
void as_terminal_place(as_buf *buf, const as_terminal *terminal, as_span span);

/* The line of the span with its number and the span underlined, `label` behind the carets:
 *
 *       |
 *    12 |   encrypted = false
 *       |               ^^^^^ label
 *
 * Of a span over several lines the first is underlined to its end. What looks like a credential is
 * starred out. Nothing without a place. */
void as_terminal_excerpt(
        as_buf *buf, const as_terminal *terminal, as_span span, as_paint paint, as_str label);

/* A diagnostic in the manner of rustc. */
void as_terminal_diag(as_buf *buf, const as_terminal *terminal, const as_diag *diag);

#endif
