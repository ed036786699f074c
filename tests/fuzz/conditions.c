/* Conditions of Google Cloud and actions of Kubernetes, of any form. What is decided when nothing
 * is known of the resource stays so when all is. */
#include <stdlib.h>

#include "engine/gcpiam/cel.h"
#include "engine/rbac/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    as_arena *arena = as_arena_new((size_t)64 << 20);
    as_guard guard;
    if (arena && AS_GUARD_ENTER(&guard, arena)) {
        as_str text = {(const char *)data, size};
        const as_cel_resource nothing = {0};
        const as_cel_resource all = {.name = AS_STR("projects/_/buckets/logs/objects/a"),
                .type = AS_STR("storage.googleapis.com/Object"),
                .service = AS_STR("storage.googleapis.com")};
        as_truth open = as_cel_decide(arena, text, &nothing);
        if (open != AS_MAYBE && as_cel_decide(arena, text, &all) != open)
            abort();
        as_rbac_request request;
        bool unsure;
        if (as_rbac_request_parse(text, &request, &unsure) && request.url.n == 0 &&
                request.resource.n == 0)
            abort();
        as_guard_leave(&guard);
    }
    as_arena_free(arena);
    return 0;
}
