/* The parts of the HTML report. */
#ifndef AS_REPORTERS_HTML_INTERNAL_H
#define AS_REPORTERS_HTML_INTERNAL_H

#include "engine/base/buf.h"
#include "engine/rules/embedded.h"
#include "reporters/audit/audit.h"

/* page.html, style.css and the scripts, as they are; sorted by path. */
extern const as_embedded_file as_html_files[];
extern const size_t as_html_files_n;

/* What the page shows, as one JSON object; tables are columns, and refer to each other by index, so
 * that a report of many findings stays small and is read fast. */
void as_html_data(as_buf *buf, const as_audit *audit);

#endif
