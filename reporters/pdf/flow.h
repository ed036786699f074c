/* Text that flows over pages: headings with an outline and a contents, paragraphs, tables whose
 * head stands on every page, lines of code. Texts are UTF-8. */
#ifndef AS_REPORTERS_PDF_FLOW_H
#define AS_REPORTERS_PDF_FLOW_H

#include "engine/base/vec.h"
#include "reporters/pdf/document.h"

typedef struct as_pdf_heading {
    as_str text; /* encoded */
    unsigned level;
    size_t page;
    double top;
} as_pdf_heading;

typedef struct as_pdf_flow {
    as_arena *arena;
    as_pdf *pdf;
    double y; /* the next line's top */
    AS_VEC(as_pdf_heading) headings;
} as_pdf_flow;

typedef struct as_pdf_cell {
    as_str text;
    as_pdf_color color;
    bool bold;
} as_pdf_cell;

typedef struct as_pdf_column {
    const char *head;
    double width; /* of the room, in parts: what they are of their sum */
    bool right;   /* numbers */
} as_pdf_column;

typedef struct as_pdf_table {
    const as_pdf_column *columns;
    size_t n;
    double size; /* of the text */
} as_pdf_table;

void as_pdf_flow_init(as_pdf_flow *flow, as_arena *arena, as_pdf *pdf);
void as_pdf_flow_page(as_pdf_flow *flow);
/* Begins a page when less than `height` is left. */
void as_pdf_flow_room(as_pdf_flow *flow, double height);
void as_pdf_flow_space(as_pdf_flow *flow, double height);
void as_pdf_flow_heading(as_pdf_flow *flow, unsigned level, as_str text);
void as_pdf_flow_text(as_pdf_flow *flow, as_pdf_font font, double size, as_pdf_color color,
        double indent, as_str text);
/* A line of code, cut where the page ends. */
void as_pdf_flow_code(as_pdf_flow *flow, bool marked, as_str text);
void as_pdf_flow_head(as_pdf_flow *flow, const as_pdf_table *table);
void as_pdf_flow_row(as_pdf_flow *flow, const as_pdf_table *table, const as_pdf_cell *cells);
/* The contents, on pages of its own; the index of the first. */
size_t as_pdf_flow_contents(as_pdf_flow *flow, as_str title);

#endif
