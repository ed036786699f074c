/* The auditor's report as one HTML file: nothing is loaded from elsewhere, and a policy in its head
 * keeps it so. */
#ifndef AS_REPORTERS_HTML_HTML_H
#define AS_REPORTERS_HTML_HTML_H

#include "engine/base/buf.h"
#include "reporters/audit/audit.h"

void as_html_write(as_buf *buf, const as_audit *audit);

#endif
