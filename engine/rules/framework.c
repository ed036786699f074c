#include "engine/rules/framework.h"

#include <stdlib.h>

#include "engine/base/vec.h"
#include "engine/rules/config.h"
#include "engine/rules/embedded.h"
#include "parsers/yaml/yaml.h"

static as_str text_at(const as_value *object, const char *key)
{
    return as_value_str(as_value_get(object, as_str_from(key)));
}

static as_strs texts_at(as_arena *arena, const as_value *object, const char *key)
{
    const as_value *list = as_value_get(object, as_str_from(key));
    size_t n = as_value_count(list);
    as_str *items = AS_NEW_ARRAY(arena, as_str, n);

    for (size_t i = 0; i < n; i++)
        items[i] = as_value_str(as_value_index(list, i));
    return (as_strs){items, n};
}

static as_control read_control(
        as_arena *arena, as_str framework, const as_value *value, as_diags *diags)
{
    as_control control = {
            .id = text_at(value, "id"),
            .title = text_at(value, "title"),
            .section = text_at(value, "section"),
            .manual = text_at(value, "manual"),
            .rules = texts_at(arena, value, "rules"),
            .covers = texts_at(arena, value, "covers"),
            .only = texts_at(arena, value, "only"),
    };

    if (control.id.n == 0 || control.title.n == 0)
        as_diags_add(diags, AS_DIAG_ERROR, "framework-control", value->span,
                "a control has an id and a title, both texts");
    control.name = as_str_fmt(arena, "%.*s:%.*s", AS_STR_ARG(framework), AS_STR_ARG(control.id));
    return control;
}

static as_framework read_framework(as_arena *arena, const as_value *value, as_diags *diags)
{
    const as_value *list = as_value_get(value, AS_STR("controls"));
    size_t n = as_value_count(list);
    as_control *controls = AS_NEW_ARRAY(arena, as_control, n);
    as_framework framework = {
            .id = text_at(value, "id"),
            .name = text_at(value, "name"),
            .version = text_at(value, "version"),
            .reference = text_at(value, "reference"),
            .controls = controls,
            .n_controls = n,
    };

    if (framework.id.n == 0 || n == 0)
        as_diags_add(diags, AS_DIAG_ERROR, "framework-id", value->span,
                "a framework has an id and a list of controls");
    for (size_t i = 0; i < n; i++)
        controls[i] = read_control(arena, framework.id, as_value_index(list, i), diags);
    return framework;
}

static int compare_frameworks(const void *a, const void *b)
{
    return as_str_cmp(((const as_framework *)a)->id, ((const as_framework *)b)->id);
}

as_frameworks as_frameworks_load(as_arena *arena, as_sources *sources, as_diags *diags)
{
    as_yaml_options options = {.flavour = AS_YAML_CORE, .duplicates = AS_YAML_DUPLICATES_ERROR};
    as_framework *items = AS_NEW_ARRAY(arena, as_framework, as_framework_files_n);
    size_t n = 0;

    for (size_t i = 0; i < as_framework_files_n; i++) {
        const as_embedded_file *file = &as_framework_files[i];
        const as_source *source = as_sources_add(sources, file->path, file->text, false);
        const as_value *value = as_yaml_parse_one(arena, source, options, diags);
        if (as_value_is(value, AS_OBJECT))
            items[n++] = read_framework(arena, value, diags);
    }
    if (n > 1)
        qsort(items, n, sizeof *items, compare_frameworks);
    return (as_frameworks){items, n};
}

const as_framework *as_frameworks_find(const as_frameworks *frameworks, as_str id)
{
    for (size_t i = 0; i < frameworks->n; i++)
        if (as_str_ieq(frameworks->items[i].id, id))
            return &frameworks->items[i];
    return NULL;
}

static bool names(const as_rule *rule, as_str control)
{
    for (size_t i = 0; i < rule->frameworks.n; i++)
        if (as_str_eq(rule->frameworks.items[i], control))
            return true;
    return false;
}

bool as_control_proven_by(const as_control *control, const as_rule *rule)
{
    if (names(rule, control->name) || as_rule_matches(rule, control->rules))
        return true;
    if (control->only.n > 0 && !as_rule_matches(rule, control->only))
        return false;
    for (size_t i = 0; i < control->covers.n; i++)
        if (names(rule, control->covers.items[i]))
            return true;
    return false;
}

static bool starts(as_str text, as_str prefix)
{
    return as_str_ieq(as_str_slice(text, 0, prefix.n), prefix);
}

static bool wants(const as_frameworks *frameworks, as_str wanted, const as_rule *rule)
{
    for (size_t i = 0; i < rule->frameworks.n; i++)
        if (starts(rule->frameworks.items[i], wanted))
            return true;
    for (size_t i = 0; i < frameworks->n; i++) {
        const as_framework *framework = &frameworks->items[i];
        for (size_t k = 0; k < framework->n_controls; k++)
            if (starts(framework->controls[k].name, wanted) &&
                    as_control_proven_by(&framework->controls[k], rule))
                return true;
    }
    return false;
}

bool as_frameworks_want(const as_frameworks *frameworks, as_strs wanted, const as_rule *rule)
{
    for (size_t i = 0; i < wanted.n; i++)
        if (wants(frameworks, wanted.items[i], rule))
            return true;
    return wanted.n == 0;
}
