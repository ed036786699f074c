#include "engine/rules/parameters.h"

#include "engine/rules/pack.h"

enum { NEAR = 4 };

/* "a" is asked for where rules ask for "a", or for "a.b" in it. */
static bool is_asked(as_str name)
{
    for (size_t i = 0; i < as_pack_parameters_n; i++) {
        as_str known = as_pack_parameters[i];
        if (as_str_eq(known, name) || (known.n > name.n && known.p[name.n] == '.' &&
                                              as_str_eq(as_str_slice(known, 0, name.n), name)))
            return true;
    }
    return false;
}

static as_str nearest(as_str name)
{
    as_str best = AS_STR("");
    size_t least = NEAR;

    for (size_t i = 0; i < as_pack_parameters_n; i++) {
        size_t distance = as_str_distance(name, as_pack_parameters[i], least - 1);
        if (distance < least) {
            least = distance;
            best = as_pack_parameters[i];
        }
    }
    return best;
}

static void check(const as_value *parameters, as_diags *diags)
{
    for (size_t i = 0; parameters && i < parameters->as.object->n; i++) {
        const as_member *member = &parameters->as.object->members[i];
        if (is_asked(member->key))
            continue;
        as_diags_add(diags, AS_DIAG_WARNING, "config-parameter", member->key_span,
                "no rule asks for the parameter '%.*s'", AS_STR_ARG(member->key));
        as_str near = nearest(member->key);
        if (near.n > 0)
            as_diags_detail(diags, "did you mean '%.*s'?", AS_STR_ARG(near));
    }
}

void as_parameters_check(const as_config *config, as_diags *diags)
{
    if (config->rule_dirs.n > 0 || config->rule_folders.n > 0)
        return;
    check(config->parameters, diags);
    for (size_t i = 0; i < config->n_profiles; i++)
        check(config->profiles[i].parameters, diags);
}
