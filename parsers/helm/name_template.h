/* --name-template: the release's name from a template of sprig's functions. */
#ifndef AS_HELM_NAME_TEMPLATE_H
#define AS_HELM_NAME_TEMPLATE_H

#include "engine/base/str.h"

bool as_helm_name_template(as_arena *arena, as_str text, as_str *name, as_str *error) AS_MUST_CHECK;

#endif
