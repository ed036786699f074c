#include "parsers/helm/name_template.h"

#include "parsers/gotmpl/gotmpl.h"

bool as_helm_name_template(as_arena *arena, as_str text, as_str *name, as_str *error)
{
    as_gotmpl_options options = {.seed = text};
    as_gotmpl *t = as_gotmpl_new(arena, &options);
    as_source source = {.path = AS_STR("--name-template"), .text = text};
    const as_gotmpl_error *problem;
    as_gotmpl_result result = {.error = NULL};
    as_go nothing = AS_GO_NIL;
    if (!as_gotmpl_parse(t, AS_STR("name-template"), &source, &problem)) {
        *error = as_gotmpl_error_text(arena, problem);
        return false;
    }
    if (!as_gotmpl_execute(t, AS_STR("name-template"), &nothing, &result)) {
        *error = as_gotmpl_error_text(arena, result.error);
        return false;
    }
    *name = result.out.text;
    return true;
}
