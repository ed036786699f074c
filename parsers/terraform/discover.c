/* Which directories of a repository are root modules: those that no other one calls. */
#include "parsers/terraform/loader.h"

void as_tf_find_roots(as_tf_loader *loader, const as_str *dirs, size_t n, as_tf_dirs *roots)
{
    as_map called = {0};
    for (size_t i = 0; i < n; i++) {
        const as_tf_module *m = as_tf_load(loader, dirs[i]);
        for (size_t k = 0; k < m->calls.n; k++) {
            const as_tf_call_config *call = m->calls.entries[k].value;
            as_str dir;
            if (as_tf_source_is_local(call->source) &&
                    as_path_join(loader->arena, m->dir, call->source, &dir) &&
                    !as_str_eq(dir, m->dir))
                as_map_put(loader->arena, &called, dir, loader);
        }
    }
    for (size_t i = 0; i < n; i++)
        if (!as_map_has(&called, dirs[i]) && as_tf_load(loader, dirs[i])->exists)
            AS_VEC_PUSH(loader->arena, roots, dirs[i]);
}
