/* A PDF document (1.7, ISO 32000-1), page by page: text, lines and boxes at places, links within
 * it, an outline.
 *
 * Pages are A4; places are points from the lower left corner. Pages are numbered in the order in
 * which they are begun; as_pdf_finish may put some of them first (a contents that is only known at
 * the end). Everything lives in the arena. */
#ifndef AS_REPORTERS_PDF_DOCUMENT_H
#define AS_REPORTERS_PDF_DOCUMENT_H

#include "reporters/pdf/font.h"

#define AS_PDF_PAGE_WIDTH 595.0
#define AS_PDF_PAGE_HEIGHT 842.0

typedef struct as_pdf as_pdf;

typedef struct as_pdf_color {
    double r, g, b; /* 0 … 1 */
} as_pdf_color;

#define AS_PDF_BLACK ((as_pdf_color){0, 0, 0})

typedef struct as_pdf_info {
    as_str title, producer, created; /* created: "2026-01-31T00:00:00Z"; may be empty */
} as_pdf_info;

as_pdf *as_pdf_new(as_arena *arena, const as_pdf_info *info);
/* Begins a page, and draws on it from now on; its index, from 0. */
size_t as_pdf_page(as_pdf *pdf);
size_t as_pdf_n_pages(const as_pdf *pdf);
/* Draws on an earlier page again. */
void as_pdf_turn_to(as_pdf *pdf, size_t at);

void as_pdf_text(as_pdf *pdf, double x, double y, as_pdf_font font, double size, as_pdf_color color,
        as_str encoded);
void as_pdf_line(
        as_pdf *pdf, double x1, double y1, double x2, double y2, double width, as_pdf_color color);
void as_pdf_box(as_pdf *pdf, double x, double y, double width, double height, as_pdf_color color);
/* A place to click, that leads to the top of `height` on a page. */
void as_pdf_link(
        as_pdf *pdf, double x, double y, double width, double height, size_t to, double top);
/* An entry of the outline; level 0 is the highest, and no entry is more than one level below the
 * one before. */
void as_pdf_outline(as_pdf *pdf, unsigned level, as_str encoded, size_t at, double top);

/* Writes the file: pages from `first` on come to the front, after the page 0. */
void as_pdf_finish(as_pdf *pdf, size_t first, as_buf *out);

#endif
