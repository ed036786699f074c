/* Which values a chart reads. Nothing is run: what a template might do with other values counts
 * too. The texts are searched for ".Values." and the names behind it; whatever hands on all of
 * .Values makes every answer unsure. */
#include "engine/base/map.h"
#include "parsers/helm/facts.h"

struct as_helm_usage {
    as_arena *arena;
    as_map paths;    /* "image.tag" */
    as_map prefixes; /* "image" for it */
    bool hands_on;
};

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void add_path(as_helm_usage *u, as_str path)
{
    while (path.n > 0 && path.p[path.n - 1] == '.')
        path.n--;
    if (path.n == 0 || as_map_has(&u->paths, path))
        return;
    as_map_put(u->arena, &u->paths, path, u);
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] == '.')
            as_map_put(u->arena, &u->prefixes, as_str_slice(path, 0, i), u);
}

/* The text behind "Values": `.a.b`, or ` "a"` of an index or get. */
static void take_use(as_helm_usage *u, as_str text, size_t at)
{
    size_t from = at + 1;

    if (at < text.n && text.p[at] == '.' && from < text.n && is_name(text.p[from])) {
        size_t end = from;
        while (end < text.n && (is_name(text.p[end]) || text.p[end] == '.'))
            end++;
        add_path(u, as_str_slice(text, from, end));
        return;
    }
    while (at < text.n && text.p[at] == ' ')
        at++;
    size_t end = at + 1;
    if (at < text.n && text.p[at] == '"') {
        while (end < text.n && text.p[end] != '"')
            end++;
        add_path(u, as_str_slice(text, at + 1, end));
        return;
    }
    u->hands_on = true;
}

static void take_text(as_helm_usage *u, as_str text)
{
    static const char word[] = "Values";
    size_t n = sizeof word - 1;

    for (size_t at = 0; at + n <= text.n;) {
        size_t found = as_str_find(as_str_from_index(text, at), AS_STR("Values"));
        if (found == (size_t)-1)
            return;
        at += found;
        bool root =
                at > 0 && text.p[at - 1] == '.' && (at + n >= text.n || !is_name(text.p[at + n]));
        at += n;
        if (root)
            take_use(u, text, at);
    }
}

static void take_files(as_helm_usage *u, as_helm_loader *loader, const as_helm_files *files)
{
    for (size_t i = 0; i < files->n; i++) {
        as_helm_file copy = files->items[i];
        if (as_helm_file_load(loader, &copy))
            take_text(u, copy.data);
    }
}

/* Values may be templates themselves, for tpl. */
static void take_values(as_helm_usage *u, const as_value *v, unsigned depth)
{
    if (v == NULL || depth > 64)
        return;
    if (v->kind == AS_STRING && as_str_contains(v->as.str, "{{"))
        take_text(u, v->as.str);
    for (size_t i = 0; v->kind == AS_LIST && i < v->as.list.n; i++)
        take_values(u, v->as.list.items[i], depth + 1);
    for (size_t i = 0; v->kind == AS_OBJECT && i < v->as.object->n; i++)
        take_values(u, v->as.object->members[i].value, depth + 1);
}

static void take_chart(as_helm_usage *u, as_helm_loader *loader, const as_helm_chart *chart)
{
    take_files(u, loader, &chart->templates);
    take_values(u, chart->values, 0);
    for (size_t i = 0; i < chart->subcharts.n; i++)
        take_chart(u, loader, chart->subcharts.items[i]);
}

as_helm_usage *as_helm_usage_take(as_helm_loader *loader, const as_helm_chart *chart)
{
    as_helm_usage *u = AS_NEW(loader->arena, as_helm_usage);

    u->arena = loader->arena;
    take_chart(u, loader, chart);
    return u;
}

as_helm_use as_helm_usage_of(const as_helm_usage *u, as_str path)
{
    if (as_map_has(&u->paths, path) || as_map_has(&u->prefixes, path))
        return AS_HELM_READ;
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] == '.' && as_map_has(&u->paths, as_str_slice(path, 0, i)))
            return AS_HELM_READ;
    return u->hands_on ? AS_HELM_UNSURE : AS_HELM_UNREAD;
}
