/* .assay.yaml, the baseline, and questions to what was read. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/rules/baseline.h"
#include "engine/rules/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *temporary(const uint8_t *data, size_t size)
{
    static char name[64];

    snprintf(name, sizeof name, "/tmp/assay-fuzz-%d", (int)getpid());
    FILE *file = fopen(name, "wb");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0)
        abort();
    return name;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const as_rule rule = {.id = AS_STR_INIT("A-1"), .severity = AS_SEVERITY_HIGH};
    as_arena *arena = as_arena_new(0);
    as_sources *sources = as_sources_new();
    const char *file = temporary(data, size);
    as_guard guard;

    if (AS_GUARD_ENTER(&guard, arena)) {
        as_diags diags;
        as_str path = AS_STR("a/b/main.tf"), address = AS_STR("a.b");
        as_diags_init(&diags, arena);
        const as_config *config = as_config_read(arena, sources, file, AS_STR(""), &diags);
        as_str environment = as_config_environment(config, path);
        (void)as_config_severity(config, &rule, path, environment);
        (void)as_config_wants(config, &rule, path, environment);
        (void)as_config_parameter(config, AS_STR("a.b"), path, environment);
        for (size_t i = 0; i < config->n_suppressions; i++)
            (void)as_config_suppresses(config, &config->suppressions[i], &rule, (as_strs){0}, path,
                    address, environment);
        (void)as_baseline_read(arena, sources, file, &diags);
        as_guard_leave(&guard);
    }
    as_arena_free(arena);
    as_sources_free(sources);
    return 0;
}
