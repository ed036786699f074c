/* A rule as a page of Markdown, and the index of all pages: `assay rules docs`. */
#ifndef AS_REPORTERS_RULE_PAGE_H
#define AS_REPORTERS_RULE_PAGE_H

#include "engine/base/buf.h"
#include "engine/rules/framework.h"
#include "engine/rules/ruleset.h"

void as_rule_page(as_buf *buf, const as_loaded_rule *loaded, const as_frameworks *frameworks);
/* One table a category of ids; links are ID.md. `set` is sorted by id. */
void as_rule_index(as_buf *buf, const as_ruleset *set);

#endif
