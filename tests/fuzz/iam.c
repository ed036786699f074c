/* Policies of any form, asked about two requests: known circumstances and unknown ones. What is
 * allowed or denied when little is known stays so when all is. */
#include <stdlib.h>

#include "engine/iam/evaluate.h"
#include "tests/fuzz/fuzz.h"

static as_iam_decision ask(
        as_arena *arena, const as_iam_policy *policy, as_str resource, as_truth others)
{
    as_str account = AS_STR("111122223333"), name = AS_STR("alice");
    as_iam_key keys[] = {{.name = AS_STR("aws:username"), .present = AS_YES, .values = {&name, 1}}};
    as_iam_request request = {.who = {.type = AS_IAM_USER,
                                      .arn = AS_STR("arn:aws:iam::111122223333:user/alice"),
                                      .account = account},
            .action = AS_STR("s3:GetObject"),
            .resource = resource,
            .resource_account = account,
            .context = {keys, 1, others, NULL}};
    as_iam_inputs in = {.identity = {&policy, 1}, .resource = policy};
    return as_iam_evaluate(arena, &request, &in).decision;
}

void fuzz_iam(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    const as_value *document = as_value_string(arena, AS_SPAN_NONE, text);
    const as_iam_policy *policy = as_iam_policy_parse(arena, document, AS_STR("fuzz"), NULL);
    as_str object = AS_STR("arn:aws:s3:::data/alice/x");
    as_iam_decision open = ask(arena, policy, object, AS_MAYBE);
    as_iam_decision closed = ask(arena, policy, object, AS_NO);

    (void)sources;
    (void)detail;
    if (open != AS_IAM_UNKNOWN && (open == AS_IAM_ALLOWED) != (closed == AS_IAM_ALLOWED) &&
            closed != AS_IAM_UNKNOWN)
        abort();
    (void)ask(arena, policy, AS_STR("arn:aws:s3:::" AS_HOLE "/" AS_IAM_MARK "1" AS_IAM_MARK),
            AS_MAYBE);
    (void)as_iam_overlaps(text, AS_STR("arn:aws:s3:::" AS_HOLE "/x"));
}
