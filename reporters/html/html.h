/* The auditor's report as one HTML file: nothing is loaded from elsewhere, and a policy in its head
 * keeps it so. */
#ifndef AS_REPORTERS_HTML_HTML_H
#define AS_REPORTERS_HTML_HTML_H

#include "engine/base/buf.h"
#include "reporters/audit/audit.h"

void as_html_write(as_buf *buf, const as_audit *audit);

/* "base.js", "style.css": the parts of the page, for other pages of the same looks. Empty when
 * there is none. */
as_str as_html_part(const char *name);
/* The policy of the page: what a server's header has to allow it. In `arena`. */
as_str as_html_policy(as_arena *arena);

#endif
