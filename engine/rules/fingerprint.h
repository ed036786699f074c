/* What makes a finding the same finding in the next scan: the rule, the resource's address in its
 * evaluation, the case and the subject; not lines, files or messages. */
#ifndef AS_RULES_FINGERPRINT_H
#define AS_RULES_FINGERPRINT_H

#include "engine/rules/finding.h"

enum { AS_FINGERPRINT_SIZE = 65 };

/* What the fingerprint would be, did the finding stand in a unit of that name. */
void as_fingerprint_in(const as_finding *finding, as_str unit, char out[AS_FINGERPRINT_SIZE]);
/* Sets finding->fingerprint: SHA-256 in lower-case hexadecimal. */
void as_finding_set_fingerprint(as_finding *finding);

#endif
