/* The fonts that every reader of PDF has (ISO 32000-1 §9.6.2.2), with the widths of their
 * characters, and text in the encoding that they know: WinAnsi. What that encoding lacks is written
 * as \u{…}, or as what stands for it ("->"). */
#ifndef AS_REPORTERS_PDF_FONT_H
#define AS_REPORTERS_PDF_FONT_H

#include "engine/base/buf.h"

typedef enum as_pdf_font { AS_PDF_SANS, AS_PDF_BOLD, AS_PDF_MONO, AS_N_PDF_FONTS } as_pdf_font;

const char *as_pdf_font_name(as_pdf_font font); /* "Helvetica" */
/* UTF-8 as WinAnsi bytes, control characters as blanks. */
as_str as_pdf_encode(as_arena *arena, as_str text);
/* Of encoded text, in points. */
double as_pdf_width(as_pdf_font font, double size, as_str encoded);

#endif
