/* ConfigMap and Secret generators, and the hash that their names get. */
#include <openssl/evp.h>

#include "engine/base/utf8.h"
#include "parsers/kustomize/build.h"
#include "parsers/yaml/emit.h"

typedef struct pair {
    as_str key, value;
    as_span span;
} pair;

typedef struct pairs {
    as_kust *k;
    const as_kust_target *t;
    AS_VEC(pair) list;
} pairs;

static as_str text_of(const as_value *v, const char *key)
{
    return as_value_str(as_value_get(v, as_str_from(key)));
}

static bool add_pair(pairs *p, as_str key, as_str value, as_span span)
{
    pair one = {key, value, span};

    AS_VEC_PUSH(p->k->arena, &p->list, one);
    return true;
}

/* --- sources -----------------------------------------------------------------------------------
 */

/* Quotes go when they are on both sides. */
static as_str unquote(as_str s)
{
    bool quoted = s.n > 1 && s.p[0] == s.p[s.n - 1] && (s.p[0] == '"' || s.p[0] == '\'');

    return quoted ? as_str_slice(s, 1, s.n - 1) : s;
}

static bool add_literal(pairs *p, const as_value *v)
{
    as_str text = as_value_str(v);
    size_t equals = as_str_find_char(text, '=');

    if (equals == 0 || equals == (size_t)-1)
        return as_kust_fail(p->k, "kustomize-generator", v->span,
                "invalid literal source %.*s, expected key=value", AS_STR_ARG(text));
    return add_pair(p, as_str_slice(text, 0, equals), unquote(as_str_from_index(text, equals + 1)),
            v->span);
}

/* "[key=]path"; the key is the file's name. */
static bool add_file(pairs *p, const as_value *v)
{
    as_str text = as_value_str(v), path = text, key = as_path_base(text);
    size_t equals = as_str_find_char(text, '=');
    const as_source *source;

    if (equals != (size_t)-1) {
        key = as_str_slice(text, 0, equals);
        path = as_str_from_index(text, equals + 1);
        if (!key.n || !path.n || as_str_find_char(path, '=') != (size_t)-1)
            return as_kust_fail(p->k, "kustomize-generator", v->span, "%s in source \"%.*s\"",
                    as_str_find_char(path, '=') != (size_t)-1 ? "key name or file path contains '='"
                    : !key.n                                  ? "missing key name for file path"
                                                              : "missing file path for key name",
                    AS_STR_ARG(text));
    }
    if (!as_kust_read(p->k, p->t, path, v->span, &source))
        return false;
    return add_pair(p, key, source->text, (as_span){source->id, 0, (uint32_t)source->text.n});
}

static bool add_env_line(pairs *p, const as_source *source, as_str line)
{
    size_t equals;

    while (line.n && as_char_in(line.p[0], " \t\v\f\r\n"))
        line = as_str_from_index(line, 1);
    if (!line.n || line.p[0] == '#')
        return true;
    uint32_t begin = (uint32_t)(line.p - source->text.p);
    equals = as_str_find_char(line, '=');
    return add_pair(p, as_str_slice(line, 0, equals),
            equals == (size_t)-1 ? AS_STR("") : as_str_from_index(line, equals + 1),
            (as_span){source->id, begin, begin + (uint32_t)line.n});
}

static bool add_env_file(pairs *p, const as_value *v)
{
    const as_source *source;
    as_str rest, line;

    if (!as_kust_read(p->k, p->t, as_value_str(v), v->span, &source))
        return false;
    if (!as_utf8_valid(source->text))
        return as_kust_fail(
                p->k, "kustomize-generator", v->span, "the file has invalid utf8 bytes");
    rest = source->text;
    if (as_str_starts(rest, "\xEF\xBB\xBF"))
        rest = as_str_from_index(rest, 3);
    while (as_str_split(&rest, '\n', &line)) {
        if (as_str_ends(line, "\r"))
            line.n--;
        if (!add_env_line(p, source, line))
            return false;
    }
    return true;
}

static bool add_all(pairs *p, const as_value *list, bool (*add)(pairs *, const as_value *))
{
    for (size_t i = 0; i < as_value_count(list); i++)
        if (!add(p, as_value_index(list, i)))
            return false;
    return true;
}

static bool check_repeats(const pairs *p, as_str name)
{
    as_map seen = {0};

    for (size_t i = 0; i < p->list.n; i++) {
        const pair *one = &p->list.items[i];
        if (as_map_has(&seen, one->key))
            return as_kust_fail(p->k, "kustomize-generator", one->span,
                    "configmap %.*s illegally repeats the key `%.*s`", AS_STR_ARG(name),
                    AS_STR_ARG(one->key));
        as_map_put(p->k->arena, &seen, one->key, (void *)&seen);
    }
    return true;
}

static bool load_pairs(pairs *p, const as_value *args)
{
    const as_value *env = as_value_get(args, AS_STR("env"));

    return add_all(p, as_value_get(args, AS_STR("envs")), add_env_file) &&
           (!as_value_str(env).n || add_env_file(p, env)) &&
           add_all(p, as_value_get(args, AS_STR("literals")), add_literal) &&
           add_all(p, as_value_get(args, AS_STR("files")), add_file) &&
           check_repeats(p, text_of(args, "name"));
}

/* --- the object --------------------------------------------------------------------------------
 */

static void put(as_kust *k, as_ktree *map, const char *key, as_span span, as_str text)
{
    as_ktree_set(k->arena, map, as_str_from(key), span, as_ktree_string(k->arena, span, text));
}

static void put_data(as_kust *k, as_ktree *object, const pair *one, bool is_secret)
{
    bool is_text = as_utf8_valid(one->value);
    const char *field = is_secret || is_text ? "data" : "binaryData";
    as_ktree *map = as_ktree_child_map(k->arena, object, field, one->span);
    as_str text = is_secret || !is_text ? as_yaml_base64_lines(k->arena, one->value) : one->value;

    /* No key is there twice (check_repeats), so none has to be looked for. */
    AS_VEC_PUSH(k->arena, &map->fields,
            ((as_ktree_field){one->key, one->span, as_ktree_string(k->arena, one->span, text)}));
}

static void put_entries(
        as_kust *k, as_ktree *metadata, const char *field, const as_value *map, bool overrides)
{
    for (size_t i = 0; as_value_is(map, AS_OBJECT) && i < map->as.object->n; i++) {
        const as_member *m = &map->as.object->members[i];
        as_ktree *to = as_ktree_child_map(k->arena, metadata, field, m->key_span);
        if (overrides || !as_ktree_get(to, m->key))
            as_ktree_set(k->arena, to, m->key, m->key_span,
                    as_ktree_string(k->arena, m->value->span, as_value_str(m->value)));
    }
}

static bool flag_of(const as_value *own, const as_value *global, const char *name)
{
    return as_value_bool_or(as_value_get(own, as_str_from(name)), false) ||
           as_value_bool_or(as_value_get(global, as_str_from(name)), false);
}

static void put_options(as_kust *k, as_ktree *object, const as_value *own, const as_value *global)
{
    as_ktree *metadata = as_ktree_get(object, AS_STR("metadata"));
    static const char *const maps[] = {"labels", "annotations"};

    for (size_t i = 0; i < 2; i++) {
        put_entries(k, metadata, maps[i], as_value_get(own, as_str_from(maps[i])), true);
        put_entries(k, metadata, maps[i], as_value_get(global, as_str_from(maps[i])), false);
    }
    if (flag_of(own, global, "immutable"))
        as_ktree_set(k->arena, object, AS_STR("immutable"), object->span,
                as_ktree_scalar(k->arena, object->span, AS_BOOL, AS_STR("true")));
}

static as_behavior behavior_of(as_str text)
{
    return as_str_is(text, "replace")  ? AS_BEHAVIOR_REPLACE
           : as_str_is(text, "merge")  ? AS_BEHAVIOR_MERGE
           : as_str_is(text, "create") ? AS_BEHAVIOR_CREATE
                                       : AS_BEHAVIOR_UNSPECIFIED;
}

bool as_kust_generate_one(as_kust *k, const as_kust_target *t, const as_value *args,
        const as_value *global, bool is_secret, as_res_list *out)
{
    const as_value *own = as_value_get(args, AS_STR("options"));
    const as_value *metadata = as_value_get(args, AS_STR("metadata")); /* of a generator's file */
    as_str name = text_of(args, "name"), namespace = text_of(args, "namespace");
    as_ktree *object = as_ktree_map(k->arena, args->span), *meta;
    pairs p = {.k = k, .t = t};
    as_res *r;

    name = name.n ? name : text_of(metadata, "name");
    namespace = namespace.n ? namespace : text_of(metadata, "namespace");
    if (!name.n)
        return as_kust_fail(k, "kustomize-generator", args->span, "a configmap must have a name");
    put(k, object, "apiVersion", args->span, AS_STR("v1"));
    put(k, object, "kind", args->span, is_secret ? AS_STR("Secret") : AS_STR("ConfigMap"));
    meta = as_ktree_child_map(k->arena, object, "metadata", args->span);
    put(k, meta, "name", args->span, name);
    if (namespace.n)
        put(k, meta, "namespace", args->span, namespace);
    if (is_secret) {
        as_str type = text_of(args, "type");
        put(k, object, "type", args->span, type.n ? type : AS_STR("Opaque"));
        as_ktree_child_map(k->arena, object, "data", args->span);
    }
    if (!load_pairs(&p, args))
        return false;
    for (size_t i = 0; i < p.list.n; i++)
        put_data(k, object, &p.list.items[i], is_secret);
    put_options(k, object, own, global);
    r = as_res_new(k, object, args->span);
    r->needs_hash = !flag_of(own, global, "disableNameSuffixHash");
    r->behavior = behavior_of(text_of(args, "behavior"));
    r->has_notes = true;
    AS_VEC_PUSH(k->arena, &out->list, r);
    return true;
}

/* --- names with hashes -------------------------------------------------------------------------
 */

/* The first ten hexadecimal digits, with vowels and look-alikes replaced (kubectl's hash.go). */
static as_str hash_of(as_arena *arena, as_str text)
{
    static const char digits[] = "gh2k456789mbcdtf";
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    char *out = as_arena_alloc(arena, 10);

    if (!EVP_Digest(text.p, text.n, sum, &n, EVP_sha256(), NULL))
        as_arena_unwind(arena, AS_CAUSE_MEMORY);
    for (size_t i = 0; i < 10; i++)
        out[i] = digits[i % 2 ? sum[i / 2] & 15 : sum[i / 2] >> 4];
    return (as_str){out, 10};
}

static void hash_field(
        as_kust *k, as_object_builder *b, const char *key, const as_ktree *n, bool must_be_map)
{
    if (must_be_map && !as_ktree_is(n, AS_KTREE_MAP))
        return;
    as_object_add(b, as_str_from(key), AS_SPAN_NONE,
            n ? as_ktree_to_value(k->arena, n)
              : as_value_string(k->arena, AS_SPAN_NONE, AS_STR("")));
}

/* kind, name, data and the like as JSON with sorted keys (api/hasher, which looks for the name in a
 * field "metadata/name" and so never finds one). */
static as_str hash_input(as_kust *k, const as_res *r)
{
    bool is_secret = as_str_is(as_res_kind(r), "Secret");
    as_object_builder b;
    as_buf buf;

    as_buf_init(&buf, k->arena, 0);
    as_object_begin(&b, k->arena);
    if (!is_secret && !as_str_is(as_res_kind(r), "ConfigMap")) {
        as_value_write_json(&buf, as_ktree_to_value(k->arena, r->node),
                (as_json_style){.sort_keys = true, .show_sensitive = true, .escape_html = true});
        return as_buf_view(&buf);
    }
    hash_field(k, &b, "kind", as_ktree_get(r->node, AS_STR("kind")), false);
    hash_field(k, &b, "name", NULL, false);
    hash_field(k, &b, "data", as_ktree_get(r->node, AS_STR("data")), false);
    if (is_secret) {
        hash_field(k, &b, "type", as_ktree_get(r->node, AS_STR("type")), false);
        hash_field(k, &b, "stringData", as_ktree_get(r->node, AS_STR("stringData")), true);
    } else {
        hash_field(k, &b, "binaryData", as_ktree_get(r->node, AS_STR("binaryData")), true);
    }
    as_value_write_json(&buf, as_object_end(&b, AS_SPAN_NONE),
            (as_json_style){.sort_keys = true, .show_sensitive = true, .escape_html = true});
    return as_buf_view(&buf);
}

bool as_kust_add_hashes(as_kust *k, as_res_list *resources)
{
    for (size_t i = 0; i < resources->list.n; i++) {
        as_res *r = resources->list.items[i];
        if (!r->node || !r->needs_hash)
            continue;
        as_str hash = hash_of(k->arena, hash_input(k, r));
        as_res_store_previous(k, r);
        as_res_set_name(k, r,
                as_str_fmt(k->arena, "%.*s-%.*s", AS_STR_ARG(as_res_name(r)), AS_STR_ARG(hash)),
                AS_SPAN_NONE, "hash");
    }
    return true;
}

/* --- what the kustomization lists --------------------------------------------------------------
 */

static bool generate_all(as_kust *k, const as_kust_target *t, const char *field, as_accumulator *a)
{
    const as_value *list = as_kust_field(t, field);
    const as_value *global = as_kust_field(t, "generatorOptions");

    for (size_t i = 0; i < as_value_count(list); i++) {
        as_res_list made = {.list = {0}};
        if (!as_kust_generate_one(k, t, as_value_index(list, i), global,
                    as_str_starts(as_str_from(field), "secret"), &made))
            return false;
        as_origin_generated(k, t,
                as_str_starts(as_str_from(field), "secret") ? "SecretGenerator"
                                                            : "ConfigMapGenerator",
                &made);
        if (!as_res_absorb_all(k, &a->resources, &made))
            return false;
    }
    return true;
}

static bool inflate_all(as_kust *k, const as_kust_target *t, const char *field, as_accumulator *a)
{
    const as_value *list = as_kust_field(t, field);

    for (size_t i = 0; i < as_value_count(list); i++) {
        as_res_list made = {.list = {0}};
        if (!as_kust_generate_chart(
                    k, t, as_kust_field(t, "helmGlobals"), as_value_index(list, i), &made))
            return false;
        as_origin_generated(k, t, "HelmChartInflationGenerator", &made);
        if (!as_res_absorb_all(k, &a->resources, &made))
            return false;
    }
    return true;
}

/* ConfigMaps stand before Secrets in the kustomization's own order of generators. */
bool as_kust_generate(as_kust *k, const as_kust_target *t, as_accumulator *a)
{
    return generate_all(k, t, "configMapGenerator", a) &&
           generate_all(k, t, "secretGenerator", a) && inflate_all(k, t, "helmCharts", a) &&
           inflate_all(k, t, "helmChartInflationGenerator", a);
}
