/* Variables, inventories and requirements. */
#include "engine/base/limits.h"
#include "parsers/ansible/ansible.h"
#include "parsers/yaml/yaml.h"

const as_value *as_ansible_reference(as_arena *arena, as_span span, as_str address)
{
    as_ref *ref = AS_NEW(arena, as_ref);
    *ref = (as_ref){.address = address, .span = span};
    return as_value_with_refs(arena, as_value_string(arena, span, address), ref);
}

/* --- entries ------------------------------------------------------------------------------------
 */

static void add_entry(
        as_list_builder *list, as_str path, as_str name, as_span span, const as_value *v)
{
    as_object_builder b;
    bool vaulted = as_str_is(as_yaml_tag(v), "!vault");
    as_object_begin(&b, list->arena);
    as_object_add(&b, AS_STR("path"), span, as_value_string(list->arena, span, path));
    as_object_add(&b, AS_STR("name"), span, as_value_string(list->arena, span, name));
    as_object_add(&b, AS_STR("value"), span,
            vaulted ? as_value_unknown(list->arena, v->span, AS_STR(AS_ANSIBLE_VAULTED), NULL) : v);
    as_list_add(list, as_object_end(&b, as_span_join(span, v->span)));
}

static void add_entries(
        as_list_builder *list, as_str path, as_str name, as_span span, const as_value *v, int depth)
{
    if (as_value_is_null(v) || depth > AS_MAX_DEPTH) {
        return;
    }
    for (size_t i = 0; v->kind == AS_LIST && i < v->as.list.n; i++) {
        add_entries(list, path, name, span, v->as.list.items[i], depth + 1);
    }
    for (size_t i = 0; v->kind == AS_OBJECT && i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        as_str below = path.n == 0 ? m->key
                                   : as_str_fmt(list->arena, "%.*s.%.*s", AS_STR_ARG(path),
                                             AS_STR_ARG(m->key));
        add_entries(list, below, m->key, m->key_span, m->value, depth + 1);
    }
    if (v->kind != AS_LIST && v->kind != AS_OBJECT && path.n > 0) {
        add_entry(list, path, name, span, v);
    }
}

static void push_vars(as_load *load, as_str address, as_str owner, as_span head,
        const as_value *raw, const as_value *entries, bool vaulted)
{
    as_arena *arena = load->arena;
    as_object_builder extra;
    as_object_begin(&extra, arena);
    as_object_add(&extra, AS_STR("entries"), head, entries);
    as_object_add(&extra, AS_STR("vaulted"), head, as_value_bool(arena, head, vaulted));
    if (owner.n > 0) {
        as_object_add(&extra, AS_STR("play"), head, as_ansible_reference(arena, head, owner));
    }
    AS_VEC_PUSH(arena, &load->resources,
            (as_resource){.origin = AS_ORIGIN_FILE,
                    .type = AS_STR("ansible.vars"),
                    .address = address,
                    .name = as_path_base(address),
                    .space = load->target->path,
                    .span = raw->span,
                    .head = head,
                    .raw = raw,
                    .extra = as_object_end(&extra, head)});
}

/* What stands for the whole: the first name. */
static as_span head_of(const as_value *v)
{
    bool named = as_value_is(v, AS_OBJECT) && v->as.object->n > 0;
    return named ? v->as.object->members[0].key_span : v->span;
}

void as_ansible_add_vars(
        as_load *load, as_str address, as_str owner, as_span head, const as_value *vars)
{
    as_list_builder entries;
    as_list_begin(&entries, load->arena);
    add_entries(&entries, AS_STR(""), AS_STR(""), head, vars, 0);
    push_vars(load, address, owner, head, vars, as_list_end(&entries, vars->span), false);
}

void as_ansible_load_vars(as_load *load, const as_value *document)
{
    if (as_value_is(document, AS_OBJECT)) {
        as_ansible_add_vars(load, load->target->path, AS_STR(""), head_of(document), document);
    }
}

void as_ansible_load_vault(as_load *load, const as_source *source)
{
    as_span head = {source->id, 0, 14};
    as_object_builder none;
    as_list_builder entries;
    as_object_begin(&none, load->arena);
    as_list_begin(&entries, load->arena);
    push_vars(load, load->target->path, AS_STR(""), head, as_object_end(&none, head),
            as_list_end(&entries, head), true);
}

/* --- INI inventories -----------------------------------------------------------------------------
 */

/* One line: "host a=1 b=2", or in a section [group:vars] "a = 1". Splits at blanks outside quotes.
 */
static void add_assignments(as_list_builder *list, const as_source *source, as_str line, bool whole)
{
    as_str rest = as_str_trim(line);
    while (rest.n > 0) {
        size_t end = whole ? rest.n : 0;
        char quote = '\0';
        while (end < rest.n && (quote != '\0' || (rest.p[end] != ' ' && rest.p[end] != '\t'))) {
            char c = rest.p[end];
            quote = quote == c ? '\0' : quote == '\0' && (c == '"' || c == '\'') ? c : quote;
            end++;
        }
        as_str word = as_str_slice(rest, 0, end);
        size_t at = as_str_find_char(word, '=');
        if (at != (size_t)-1 && at > 0) {
            as_str key = as_str_trim(as_str_slice(word, 0, at));
            as_str value = as_str_trim(as_str_from_index(word, at + 1));
            if (value.n >= 2 && (value.p[0] == '"' || value.p[0] == '\'') &&
                    value.p[value.n - 1] == value.p[0]) {
                value = as_str_slice(value, 1, value.n - 1);
            }
            uint32_t begin = (uint32_t)(word.p - source->text.p);
            as_span span = {source->id, begin, begin + (uint32_t)word.n};
            add_entry(list, key, key, span, as_value_string(list->arena, span, value));
        }
        rest = as_str_trim(as_str_from_index(rest, end));
    }
}

void as_ansible_load_ini(as_load *load, const as_source *source)
{
    as_list_builder entries;
    as_object_builder none;
    as_str rest = source->text, line;
    bool in_vars = false, in_children = false, has_sections = false;
    as_span head = {source->id, 0, 0};
    as_list_begin(&entries, load->arena);
    as_object_begin(&none, load->arena);
    while (as_str_split(&rest, '\n', &line)) {
        as_str bare = as_str_trim(line);
        if (bare.n == 0 || bare.p[0] == '#' || bare.p[0] == ';') {
            continue;
        }
        if (bare.p[0] == '[') {
            has_sections = true;
            in_vars = as_str_ends(bare, ":vars]");
            in_children = as_str_ends(bare, ":children]");
        } else if (!in_children) {
            size_t comment = as_str_find(bare, AS_STR(" #"));
            add_assignments(&entries, source, as_str_slice(bare, 0, comment), in_vars);
        }
    }
    if (has_sections) {
        head.end = (uint32_t)source->text.n;
        push_vars(load, load->target->path, AS_STR(""), head, as_object_end(&none, head),
                as_list_end(&entries, head), false);
    }
}

/* --- requirements --------------------------------------------------------------------------------
 */

static void add_requirement(as_load *load, const as_value *item, const char *sort)
{
    as_arena *arena = load->arena;
    as_object_builder extra;
    const as_value *raw = item;
    if (as_value_is(item, AS_STRING)) { /* "geerlingguy.docker" alone */
        as_object_builder b;
        as_object_begin(&b, arena);
        as_object_add(&b, AS_STR("name"), item->span, item);
        raw = as_object_end(&b, item->span);
    }
    if (!as_value_is(raw, AS_OBJECT) || as_value_get(raw, AS_STR("include")) != NULL) {
        return;
    }
    as_str name = as_value_str(as_value_get(raw, AS_STR("name")));
    name = name.n > 0 ? name : as_value_str(as_value_get(raw, AS_STR("src")));
    name = name.n > 0 ? name : as_value_str(as_value_get(raw, AS_STR("role")));
    as_object_begin(&extra, arena);
    as_object_add(&extra, AS_STR("sort"), raw->span,
            as_value_string(arena, raw->span, as_str_from(sort)));
    AS_VEC_PUSH(arena, &load->resources,
            (as_resource){.origin = AS_ORIGIN_FILE,
                    .type = AS_STR("ansible.requirement"),
                    .address = as_str_fmt(
                            arena, "%.*s#%.*s", AS_STR_ARG(load->target->path), AS_STR_ARG(name)),
                    .name = name,
                    .space = load->target->path,
                    .span = raw->span,
                    .head = as_value_is(item, AS_STRING) ? item->span : head_of(raw),
                    .raw = raw,
                    .extra = as_object_end(&extra, raw->span)});
}

static void add_all(as_load *load, const as_value *list, const char *sort)
{
    for (size_t i = 0; as_value_is(list, AS_LIST) && i < list->as.list.n; i++) {
        add_requirement(load, list->as.list.items[i], sort);
    }
}

void as_ansible_load_requirements(as_load *load, const as_value *document)
{
    add_all(load, document, "role"); /* the old form is a list of roles */
    add_all(load, as_value_get(document, AS_STR("roles")), "role");
    add_all(load, as_value_get(document, AS_STR("collections")), "collection");
}
