/* Texts of policies, some pieces of which are not known, and how patterns match them.
 *
 * Two kinds of unknown pieces:
 *   AS_HOLE                  anything at all;
 *   AS_IAM_MARK id AS_IAM_MARK   not known either, but the same wherever the id stands: the account
 * of a configuration, the generated name of one resource. Patterns have '*' and '?'; what a policy
 * variable put in (${*}, or a tag value with a star) stands for itself: AS_IAM_STAR and
 * AS_IAM_QUESTION, two control characters that no policy may contain. */
#ifndef AS_IAM_PATTERN_H
#define AS_IAM_PATTERN_H

#include "engine/base/str.h"
#include "engine/base/truth.h"
#include "engine/value/value.h"

#define AS_IAM_MARK "\xef\xbf\xbe" /* U+FFFE, which no real text holds */
#define AS_IAM_STAR '\1'
#define AS_IAM_QUESTION '\2'

enum { AS_IAM_ARN_PARTS = 6 };

/* Whether the pattern matches the text: maybe when that hangs on an unknown piece. */
as_truth as_iam_match(as_str pattern, as_str text, bool ignore_case);
/* Without wildcards: '*' in `a` is a star. */
as_truth as_iam_equal(as_str a, as_str b, bool ignore_case);

/* Resource and NotResource: segment by segment; missing segments of the pattern are '*', as AWS
 * completes incomplete ARNs (IAM User Guide, "IAM JSON policy elements: Resource"). */
as_truth as_iam_match_resource(as_str pattern, as_str text);
/* ArnLike and ArnEquals: both must have six segments, each is matched by itself. */
as_truth as_iam_match_arn(as_str pattern, as_str text);

/* Whether some text that the template stands for (its holes filled at will) matches the pattern:
 * what is asked when the caller chooses the name. Holes of the pattern make it maybe. */
as_truth as_iam_overlaps(as_str pattern, as_str template);
/* The texts of the template that match the pattern, as a template: segment by segment the narrower
 * of both. */
as_str as_iam_narrow(as_arena *arena, as_str pattern, as_str template);
/* Whether everything that the template stands for matches. */
bool as_iam_covers(as_str pattern, as_str template);

bool as_iam_has_hole(as_str text); /* a hole or a mark */
/* The part of an ARN (0 "arn", 1 partition, 2 service, 3 region, 4 account, 5 resource), or "". */
as_str as_iam_arn_part(as_str arn, int part);
bool as_iam_is_arn(as_str text); /* six parts, the first "arn" */

#endif
