/* The auditor's report in forms other than HTML. */
#ifndef AS_REPORTERS_AUDIT_FORMATS_H
#define AS_REPORTERS_AUDIT_FORMATS_H

#include "engine/base/buf.h"
#include "reporters/audit/audit.h"

/* Without a framework of which something was checked, a document without results. */
void as_oscal_write(as_buf *buf, const as_audit *audit);
/* A4, with contents and outline. */
void as_pdf_write(as_buf *buf, const as_audit *audit);
void as_audit_markdown_write(as_buf *buf, const as_audit *audit);

#endif
