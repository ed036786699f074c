/* The table of function families, and looking a function up by name. */
#include "parsers/hcl/func.h"

#include "engine/base/limits.h"

/* functions.def holds lines such as: AS_HCL_FAMILY(string) */
#define AS_HCL_FAMILY(name) extern const as_hcl_family as_hcl_family_##name;
#include "parsers/hcl/functions.def"
#undef AS_HCL_FAMILY

#define AS_HCL_FAMILY(name) &as_hcl_family_##name,
const as_hcl_family *const as_hcl_families[] = {
#include "parsers/hcl/functions.def"
        NULL};
#undef AS_HCL_FAMILY

const as_hcl_function *as_hcl_function_find(as_str name)
{
    if (as_str_starts(name, "core::"))
        name = as_str_from_index(name, 6);
    for (const as_hcl_family *const *family = as_hcl_families; *family; family++)
        for (const as_hcl_function *f = (*family)->functions; f->name; f++)
            if (f->name[0] == (name.n > 0 ? name.p[0] : 0) && as_str_is(name, f->name))
                return f;
    return NULL;
}

const char *as_hcl_function_suggest(as_str name)
{
    enum { NEAR = 3 };
    for (const as_hcl_family *const *family = as_hcl_families; *family; family++)
        for (const as_hcl_function *f = (*family)->functions; f->name; f++)
            if (as_str_distance(name, as_str_from(f->name), NEAR) < NEAR)
                return f->name;
    return NULL;
}
