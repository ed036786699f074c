/* XML answers as values in the shape of the AWS CLI: names of members, lists that are always lists,
 * typed scalars, times in ISO 8601. libxml2 is loaded when first needed. Entities are not expanded,
 * and documents with a DTD are refused. */
#ifndef AS_LIVE_AWS_XML_H
#define AS_LIVE_AWS_XML_H

#include "parsers/live/aws/tables.h"

typedef struct as_xml as_xml; /* a document; freed with its arena */

/* NULL when the text is no XML, or libxml2 is not installed (*problem says which). */
as_xml *as_xml_parse(as_arena *arena, as_str text, as_str *problem);

/* The answer of the operation: an object. */
const as_value *as_xml_answer(as_arena *arena, const as_xml *xml, const as_aws_operation *op);

/* The text of the first element with that name, in the order of the document; "" when there is
 * none. */
as_str as_xml_text(as_arena *arena, const as_xml *xml, const char *name);

#endif
