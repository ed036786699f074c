/* buildMetadata: annotations that say where objects come from. */
#include "parsers/kustomize/build.h"
#include "parsers/yaml/emit.h"

static as_str join_paths(as_kust *k, as_str dir, as_str path)
{
    as_str joined, rest, part;
    as_texts parts = {0};

    /* As path.Join: "../base" keeps what leads out of the first folder. */
    rest = dir.n ? as_str_fmt(k->arena, "%.*s/%.*s", AS_STR_ARG(dir), AS_STR_ARG(path)) : path;
    while (as_str_split(&rest, '/', &part)) {
        bool up = as_str_is(part, "..");
        if (!part.n || as_str_is(part, "."))
            continue;
        if (up && parts.n && !as_str_is(parts.items[parts.n - 1], ".."))
            parts.n--;
        else
            AS_VEC_PUSH(k->arena, &parts, part);
    }
    joined = AS_STR("");
    for (size_t i = 0; i < parts.n; i++)
        joined = i ? as_str_fmt(
                             k->arena, "%.*s/%.*s", AS_STR_ARG(joined), AS_STR_ARG(parts.items[i]))
                   : parts.items[i];
    return joined;
}

as_str as_origin_below(as_kust *k, const as_kust_target *t, as_str path)
{
    return k->track_origins ? join_paths(k, t->origin, path) : AS_STR("");
}

void as_origin_loaded(as_kust *k, const as_kust_target *t, as_str path, as_res_list *made)
{
    if (!k->track_origins)
        return;
    for (size_t i = 0; i < made->list.n; i++)
        made->list.items[i]->origin =
                as_str_fmt(k->arena, "path: %.*s\n", AS_STR_ARG(join_paths(k, t->origin, path)));
}

static as_str configured(as_kust *k, as_str in, as_str api_version, as_str kind)
{
    return as_str_fmt(k->arena,
            "configuredIn: %.*s\nconfiguredBy:\n  apiVersion: %.*s\n  kind: %.*s\n", AS_STR_ARG(in),
            AS_STR_ARG(api_version), AS_STR_ARG(kind));
}

static as_str configured_here(as_kust *k, const as_kust_target *t, const char *builtin)
{
    return configured(
            k, join_paths(k, t->origin, t->file), AS_STR("builtin"), as_str_from(builtin));
}

/* `config` has an origin of its own: the file that it lies in. */
static as_str configured_by(as_kust *k, const as_res *config)
{
    as_str in = config->origin, text;

    if (as_str_starts(in, "path: "))
        in = as_str_trim(as_str_from_index(in, 6));
    text = configured(k, in, as_ktree_text(as_ktree_get(config->node, AS_STR("apiVersion"))),
            as_res_kind(config));
    text = as_str_fmt(
            k->arena, "%.*s  name: %.*s\n", AS_STR_ARG(text), AS_STR_ARG(as_res_name(config)));
    if (as_res_namespace(config).n)
        text = as_str_fmt(k->arena, "%.*s  namespace: %.*s\n", AS_STR_ARG(text),
                AS_STR_ARG(as_res_namespace(config)));
    return text;
}

static void set_origin(as_kust *k, as_str origin, as_res_list *made)
{
    for (size_t i = 0; k->track_origins && i < made->list.n; i++)
        if (!made->list.items[i]->origin.n)
            made->list.items[i]->origin = origin;
}

static void add_transformation(as_kust *k, as_str origin, as_res_list *rs)
{
    for (size_t i = 0; k->track_origins && i < rs->list.n; i++)
        AS_VEC_PUSH(k->arena, &rs->list.items[i]->transformations, origin);
}

void as_origin_generated(
        as_kust *k, const as_kust_target *t, const char *builtin, as_res_list *made)
{
    if (k->track_origins)
        set_origin(k, configured_here(k, t, builtin), made);
}

void as_origin_transformed(
        as_kust *k, const as_kust_target *t, const char *builtin, as_res_list *rs)
{
    if (k->track_origins)
        add_transformation(k, configured_here(k, t, builtin), rs);
}

void as_origin_generated_by(as_kust *k, const as_res *config, as_res_list *made)
{
    if (k->track_origins)
        set_origin(k, configured_by(k, config), made);
}

void as_origin_transformed_by(as_kust *k, const as_res *config, as_res_list *rs)
{
    if (k->track_origins)
        add_transformation(k, configured_by(k, config), rs);
}

/* A list of blocks of YAML. */
static as_str list_text(as_kust *k, const as_texts *blocks)
{
    as_buf buf;
    as_str rest, line;

    as_buf_init(&buf, k->arena, 0);
    for (size_t i = 0; i < blocks->n; i++) {
        bool first = true;
        rest = blocks->items[i];
        while (as_str_split(&rest, '\n', &line) && line.n) {
            as_buf_fmt(&buf, "%s%.*s\n", first ? "- " : "  ", AS_STR_ARG(line));
            first = false;
        }
    }
    return as_buf_view(&buf);
}

static bool asks_for(const as_value *build_metadata, const char *what)
{
    for (size_t i = 0; i < as_value_count(build_metadata); i++)
        if (as_str_is(as_value_str(as_value_index(build_metadata, i)), what))
            return true;
    return false;
}

static void annotate(as_kust *k, as_res *r, const char *field, const char *key, as_str text)
{
    as_ktree *metadata = as_ktree_child_map(k->arena, r->node, "metadata", r->span);
    as_ktree *map = as_ktree_child_map(k->arena, metadata, field, r->span);

    as_ktree_set(
            k->arena, map, as_str_from(key), r->span, as_ktree_string(k->arena, r->span, text));
}

void as_origin_annotate(as_kust *k, const as_value *build_metadata, as_res_list *rs)
{
    for (size_t i = 0; i < rs->list.n; i++) {
        as_res *r = rs->list.items[i];
        if (asks_for(build_metadata, "managedByLabel"))
            annotate(k, r, "labels", "app.kubernetes.io/managed-by", AS_STR("kustomize-v5"));
        if (asks_for(build_metadata, "originAnnotations") && r->origin.n)
            annotate(k, r, "annotations", "config.kubernetes.io/origin", r->origin);
        if (asks_for(build_metadata, "transformerAnnotations") && r->transformations.n)
            annotate(k, r, "annotations", "alpha.config.kubernetes.io/transformations",
                    list_text(k, &r->transformations));
    }
}
