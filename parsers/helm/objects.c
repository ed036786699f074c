#include "parsers/helm/objects.h"

#include <stdlib.h>

#include "engine/base/base64.h"
#include "engine/base/regex.h"
#include "parsers/helm/metadata.h"

/* --- .Files ----------------------------------------------------------------------------------- */

static const as_go_type FILES;

static as_go content_of(as_gotmpl *t, const as_go *files, as_str name)
{
    const as_go *found = as_go_map_get(t, files->as.map, name);
    return found ? *found : as_go_from_bytes(AS_STR(""));
}

static bool files_get_bytes(as_gotmpl *t, const as_go *args, size_t n, as_go *out)
{
    (void)n;
    *out = content_of(t, &args[0], as_go_str(&args[1]));
    return true;
}

static bool files_get(as_gotmpl *t, const as_go *args, size_t n, as_go *out)
{
    (void)n;
    as_go bytes = content_of(t, &args[0], as_go_str(&args[1]));
    *out = as_go_from_str(as_go_str(&bytes));
    return true;
}

static bool files_lines(as_gotmpl *t, const as_go *args, size_t n, as_go *out)
{
    (void)n;
    as_go_list *lines = as_go_list_new(t, 0);
    as_go bytes = content_of(t, &args[0], as_go_str(&args[1]));
    as_str line, rest = as_go_str(&bytes);
    if (as_str_ends(rest, "\n")) {
        rest.n--;
    }
    while (as_str_split(&rest, '\n', &line)) {
        as_go_list_add(t, lines, as_go_from_str(line));
    }
    *out = as_go_list_value(&as_go_strings, lines);
    return true;
}

/* A pattern of github.com/gobwas/glob with '/' as separator, as a regular expression: '*' and '?'
 * stop at '/', "**" does not, [!a-z] negates, {a,b} are alternatives, '\' quotes. */
static bool glob_to_regex(as_buf *out, as_str pattern)
{
    size_t braces = 0;
    as_buf_cstr(out, "(?s)\\A(?:");
    for (size_t i = 0; i < pattern.n; i++) {
        char c = pattern.p[i];
        if (c == '*') {
            bool two = i + 1 < pattern.n && pattern.p[i + 1] == '*';
            as_buf_cstr(out, two ? ".*" : "[^/]*");
            i += two;
        } else if (c == '?') {
            as_buf_cstr(out, "[^/]");
        } else if (c == '{') {
            as_buf_cstr(out, "(?:");
            braces++;
        } else if (c == '}' && braces > 0) {
            as_buf_char(out, ')');
            braces--;
        } else if (c == ',' && braces > 0) {
            as_buf_char(out, '|');
        } else if (c == '[') {
            size_t close = as_str_find_char(as_str_from_index(pattern, i + 1), ']');
            if (close == (size_t)-1 || close == 0) {
                return false;
            }
            as_str set = as_str_slice(pattern, i + 1, i + 1 + close);
            bool negated = set.p[0] == '!';
            as_buf_cstr(out, negated ? "[^" : "[");
            as_buf_str(out, as_str_from_index(set, negated));
            as_buf_char(out, ']');
            i += close + 1;
        } else {
            if (c == '\\' && i + 1 < pattern.n) {
                c = pattern.p[++i];
            }
            as_buf_str(out, as_regex_quote(out->arena, (as_str){&c, 1}));
        }
    }
    as_buf_cstr(out, ")\\z");
    return braces == 0;
}

static bool files_glob(as_gotmpl *t, const as_go *args, size_t n, as_go *out)
{
    (void)n;
    as_go_map *matching = as_go_map_new(t, 0), *all = args[0].as.map;
    as_arena *arena = as_gotmpl_arena(t);
    as_regex_error error;
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    const as_regex *re = NULL;
    if (glob_to_regex(&buf, as_go_str(&args[1]))) {
        re = as_regex_compile(arena, as_buf_view(&buf), &error);
    }
    size_t count = as_go_map_count(t, all);
    for (size_t i = 0; i < count; i++) {
        as_str name = as_go_map_key_at(t, all, i);
        /* A pattern that cannot be read stands for everything. */
        if (!re || as_regex_test(re, name) == AS_REGEX_MATCH) {
            as_go_map_set(t, matching, name, *as_go_map_at(t, all, i));
        }
    }
    *out = as_go_map_value(&FILES, matching);
    return true;
}

/* The files by their last name, as YAML. */
static bool files_as_yaml(as_gotmpl *t, const as_go *files, bool encode, as_go *out)
{
    as_go_map *map = as_go_map_new(t, 0);
    as_buf buf;
    /* In the order of the paths: where two have the same name, the last stays. */
    const uint32_t *order = as_go_map_sorted(t, files->as.map);
    size_t count = as_go_map_count(t, files->as.map);
    for (size_t i = 0; i < count; i++) {
        as_str name = as_path_base(as_go_map_key_at(t, files->as.map, order[i]));
        as_str content = as_go_str(as_go_map_at(t, files->as.map, order[i]));
        if (encode) {
            content = as_base64_encode(as_gotmpl_arena(t), content);
        }
        as_go_map_set(t, map, name, as_go_from_str(content));
    }
    as_go v = as_go_map_value(&as_go_string_map, map);
    as_buf_init(&buf, as_gotmpl_arena(t), 0);
    if (!as_go_to_yaml(t, &v, &buf)) {
        return false;
    }
    as_str text = as_buf_view(&buf);
    *out = as_go_from_str(as_str_ends(text, "\n") ? as_str_slice(text, 0, text.n - 1) : text);
    return true;
}

static bool files_as_config(as_gotmpl *t, const as_go *args, size_t n, as_go *out)
{
    (void)n;
    return files_as_yaml(t, &args[0], false, out);
}

static bool files_as_secrets(as_gotmpl *t, const as_go *args, size_t n, as_go *out)
{
    (void)n;
    return files_as_yaml(t, &args[0], true, out);
}

static const as_go_func FILES_METHODS[] = {
        {.name = "Get", .params = "s", .call = files_get},
        {.name = "GetBytes", .params = "s", .call = files_get_bytes},
        {.name = "Glob", .params = "s", .call = files_glob},
        {.name = "Lines", .params = "s", .call = files_lines},
        {.name = "AsConfig", .params = "", .call = files_as_config},
        {.name = "AsSecrets", .params = "", .call = files_as_secrets},
        {.name = NULL},
};
static const as_go_type FILES = {
        .kind = AS_GO_MAP, .name = "engine.files", .elem = &as_go_bytes, .methods = FILES_METHODS};

static as_go files_object(as_helm_scope *s, as_helm_chart *chart)
{
    as_go_map *map = as_go_map_new(s->t, s->with_files ? chart->files.n : 0);
    for (size_t i = 0; s->with_files && i < chart->files.n; i++) {
        as_helm_file *file = &chart->files.items[i];
        if (as_helm_file_load(s->loader, file)) {
            as_go_map_set(s->t, map, file->name, as_go_from_bytes(file->data));
        }
    }
    return as_go_map_value(&FILES, map);
}

/* --- the dot ---------------------------------------------------------------------------------- */

static as_go chart_object(as_helm_scope *s, const as_helm_chart *chart)
{
    const as_value *metadata = as_helm_metadata_value(as_gotmpl_arena(s->t), chart);
    as_go out = as_go_from(s->t, metadata);
    as_go_map_set(s->t, out.as.map, AS_STR("Annotations"),
            as_go_typed(as_go_from(s->t, as_value_get(metadata, AS_STR("Annotations"))),
                    &as_go_string_map));
    return out;
}

/* A library chart gives its partials only. */
static bool is_run(const as_helm_chart *chart, as_str name)
{
    return !as_helm_chart_is_library(chart) || as_str_starts(as_path_base(name), "_");
}

/* Tables of globals that the charts' values have in common are one map: what a template sets there,
 * the other charts see. */
static void share_tables(as_gotmpl *t, const as_go *to, const as_value *to_value, const as_go *from,
        const as_value *from_value)
{
    for (size_t i = 0; as_value_is(to_value, AS_OBJECT) && i < to_value->as.object->n; i++) {
        as_str key = to_value->as.object->members[i].key;
        const as_value *mine = to_value->as.object->members[i].value;
        const as_value *theirs = as_value_get(from_value, key);
        const as_go *go_theirs = theirs ? as_go_map_get(t, from->as.map, key) : NULL;
        if (!go_theirs || !as_value_is(mine, AS_OBJECT) || !as_value_is(theirs, AS_OBJECT)) {
            continue;
        }
        if (mine == theirs) {
            as_go_map_set(t, to->as.map, key, *go_theirs);
            continue;
        }
        const as_go *go_mine = as_go_map_get(t, to->as.map, key);
        if (go_mine) {
            share_tables(t, go_mine, mine, go_theirs, theirs);
        }
    }
}

static void share_globals(as_gotmpl *t, const as_go *to, const as_value *to_value,
        const as_go *from, const as_value *from_value)
{
    as_str key = AS_STR("global");
    const as_value *mine = as_value_get(to_value, key), *theirs = as_value_get(from_value, key);
    if (as_value_is(mine, AS_OBJECT) && as_value_is(theirs, AS_OBJECT)) {
        share_tables(t, as_go_map_get(t, to->as.map, key), mine,
                as_go_map_get(t, from->as.map, key), theirs);
    }
}

/* `in_parent`: the chart's part of its parent's .Values, NULL for the root. */
static as_go add_chart(as_helm_scope *s, as_helm_chart *chart, const as_value *values,
        const as_go *in_parent, as_helm_templates *out)
{
    as_arena *arena = as_gotmpl_arena(s->t);
    as_go_map *dot = as_go_map_new(s->t, 8), *subcharts = as_go_map_new(s->t, chart->subcharts.n);
    if (!as_value_is(values, AS_OBJECT)) {
        values = as_value_object(arena, AS_SPAN_NONE, NULL, 0);
        in_parent = NULL;
    }
    as_go go_values = in_parent ? *in_parent : as_go_from(s->t, values);
    as_go_map_set(s->t, dot, AS_STR("Chart"), chart_object(s, chart));
    as_go_map_set(s->t, dot, AS_STR("Files"), files_object(s, chart));
    as_go_map_set(s->t, dot, AS_STR("Release"), s->release);
    as_go_map_set(s->t, dot, AS_STR("Capabilities"), s->capabilities);
    as_go_map_set(s->t, dot, AS_STR("Values"), as_go_typed(go_values, &as_go_values));
    for (size_t i = 0; i < chart->subcharts.n; i++) {
        as_helm_chart *sub = chart->subcharts.items[i];
        const as_value *own = as_value_get(values, sub->name);
        const as_go *go_own = as_go_map_get(s->t, go_values.as.map, sub->name);
        if (own && go_own) {
            share_globals(s->t, go_own, own, &go_values, values);
        }
        as_go_map_set(s->t, subcharts, sub->name, add_chart(s, sub, own, go_own, out));
    }
    as_go_map_set(s->t, dot, AS_STR("Subcharts"), as_go_map_value(&as_go_dict, subcharts));

    as_go self = as_go_map_value(&as_go_dict, dot);
    as_str path = as_helm_chart_full_path(arena, chart);
    for (size_t i = 0; i < chart->templates.n; i++) {
        as_helm_file *file = &chart->templates.items[i];
        if (is_run(chart, file->name)) {
            as_helm_template one = {
                    .name = as_str_fmt(
                            arena, "%.*s/%.*s", AS_STR_ARG(path), AS_STR_ARG(file->name)),
                    .base_path = as_str_join(arena, path, AS_STR("/templates")),
                    .chart = chart,
                    .file = file,
                    .dot = self,
            };
            AS_VEC_PUSH(arena, out, one);
        }
    }
    return self;
}

as_go as_helm_objects(
        as_helm_scope *s, as_helm_chart *chart, const as_value *values, as_helm_templates *out)
{
    return add_chart(s, chart, values, NULL, out);
}

void as_helm_objects_begin(as_gotmpl *t, const as_helm_template *template_)
{
    as_go_map *map = as_go_map_new(t, 2);
    as_go_map_set(t, map, AS_STR("Name"), as_go_from_str(template_->name));
    as_go_map_set(t, map, AS_STR("BasePath"), as_go_from_str(template_->base_path));
    as_go_map_set(
            t, template_->dot.as.map, AS_STR("Template"), as_go_map_value(&as_go_values, map));
}

static size_t count_slashes(as_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        n += s.p[i] == '/';
    }
    return n;
}

static int compare_templates(const void *a, const void *b)
{
    as_str x = ((const as_helm_template *)a)->name, y = ((const as_helm_template *)b)->name;
    size_t nx = count_slashes(x), ny = count_slashes(y);
    return nx != ny ? (nx < ny ? 1 : -1) : as_str_cmp(y, x);
}

void as_helm_templates_sort(as_helm_templates *templates)
{
    if (templates->n > 1) {
        qsort(templates->items, templates->n, sizeof *templates->items, compare_templates);
    }
}
