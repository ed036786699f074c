/* Text inside Markdown, also inside the cell of a table. */
#ifndef AS_REPORTERS_MARKDOWN_TEXT_H
#define AS_REPORTERS_MARKDOWN_TEXT_H

#include "engine/base/buf.h"

/* Text that stays text: no markup, no mention, no line break. */
void as_markdown_text(as_buf *out, as_str text);
/* `code`, with a fence longer than any in the text (CommonMark §6.1); '|' would end the cell. */
void as_markdown_code(as_buf *out, as_str text);

#endif
