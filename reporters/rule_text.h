/* A rule as text for people. */
#ifndef AS_REPORTERS_RULE_TEXT_H
#define AS_REPORTERS_RULE_TEXT_H

#include "engine/base/buf.h"
#include "engine/rules/finding.h"

void as_rule_text(as_buf *buf, const as_rule *rule, bool color);

#endif
