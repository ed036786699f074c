/* Conditions of Google Cloud and actions of Kubernetes, of any form. What is decided when nothing
 * is known of the resource stays so when all is. */
#include <stdlib.h>

#include "engine/gcpiam/cel.h"
#include "engine/rbac/rule.h"
#include "tests/fuzz/fuzz.h"

void fuzz_conditions(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    const as_cel_resource nothing = {0};
    const as_cel_resource all = {.name = AS_STR("projects/_/buckets/logs/objects/a"),
            .type = AS_STR("storage.googleapis.com/Object"),
            .service = AS_STR("storage.googleapis.com")};
    as_truth open = as_cel_decide(arena, text, &nothing);
    as_rbac_request request;
    bool unsure;

    (void)sources;
    (void)detail;
    if (open != AS_MAYBE && as_cel_decide(arena, text, &all) != open)
        abort();
    if (as_rbac_request_parse(text, &request, &unsure) && request.url.n == 0 &&
            request.resource.n == 0)
        abort();
}
