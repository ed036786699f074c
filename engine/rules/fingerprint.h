/* What makes a finding the same finding in the next scan: the rule, the resource's address in its
 * evaluation, the case and the subject; not lines, files or messages. */
#ifndef AS_RULES_FINGERPRINT_H
#define AS_RULES_FINGERPRINT_H

#include "engine/rules/finding.h"

/* Sets finding->fingerprint: SHA-256 in lower-case hexadecimal. */
void as_finding_set_fingerprint(as_finding *finding);

#endif
