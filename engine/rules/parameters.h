/* Parameters of the configuration that no built-in rule asks for: most often a name that is
 * misspelt. */
#ifndef AS_RULES_PARAMETERS_H
#define AS_RULES_PARAMETERS_H

#include "engine/rules/config.h"

/* A warning for each, with the name that may have been meant. Rules of the user may ask for any
 * name: where there are some, nothing is said. */
void as_parameters_check(const as_config *config, as_diags *diags);

#endif
