#include "parsers/helm/metadata.h"

#include "engine/base/map.h"
#include "engine/base/semver.h"
#include "engine/base/utf8.h"
#include "parsers/helm/decode.h"

typedef struct decoder {
    as_arena *arena;
    as_helm_chart *chart;
    as_diags *diags;
} decoder;

static bool refuse(decoder *d, const as_value *at, const char *fmt, ...) AS_PRINTF(3, 4);

static bool refuse(decoder *d, const as_value *at, const char *fmt, ...)
{
    as_buf buf;
    va_list args;
    as_buf_init(&buf, d->arena, 0);
    va_start(args, fmt);
    as_buf_vfmt(&buf, fmt, args);
    va_end(args);
    as_diags_add(d->diags, AS_DIAG_ERROR, "helm-chart", at ? at->span : d->chart->span, "%.*s",
            AS_STR_ARG(as_buf_view(&buf)));
    return false;
}

static bool refuse_type(decoder *d, const as_value *v, const char *field, const char *wanted)
{
    return refuse(d, v,
            "cannot load Chart.yaml: json: cannot unmarshal %s into Go struct field %s of type %s",
            as_helm_json_kind(v), field, wanted);
}

/* Blanks become spaces, what is not printable goes (sanitizeString). */
static as_str sanitize(as_arena *arena, as_str s)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        uint32_t rune = as_utf8_next(s, &at);
        if (rune == ' ' || (rune >= '\t' && rune <= '\r') || rune == 0x85 || rune == 0xA0) {
            as_buf_char(&buf, ' ');
        } else if (rune >= 0x20 && rune != 0x7F && !(rune >= 0x80 && rune < 0xA0)) {
            as_buf_add(&buf, s.p + from, at - from);
        }
    }
    return as_buf_view(&buf);
}

static bool text(decoder *d, const as_value *object, const char *name, as_str *out)
{
    if (!as_helm_field_text(d->arena, object, name, out)) {
        return refuse_type(d, as_helm_field(object, name), name, "string");
    }
    *out = sanitize(d->arena, *out);
    return true;
}

/* A field that must be a list when it is there. */
static bool list(decoder *d, const as_value *object, const char *name, const as_value **out)
{
    *out = as_helm_field(object, name);
    if (as_value_is_null(*out)) {
        *out = NULL;
    }
    return !*out || as_value_is(*out, AS_LIST) || refuse_type(d, *out, name, "[]interface {}");
}

/* --- dependencies ----------------------------------------------------------------------------- */

static bool read_import(decoder *d, const as_value *v, as_helm_dependency *out)
{
    as_helm_import import;
    if (as_value_is(v, AS_STRING)) {
        import.child = as_str_fmt(d->arena, "exports.%.*s", AS_STR_ARG(v->as.str));
        import.parent = AS_STR(".");
    } else if (as_value_is(v, AS_OBJECT)) {
        if (!as_helm_field_text(d->arena, v, "child", &import.child) ||
                !as_helm_field_text(d->arena, v, "parent", &import.parent)) {
            return refuse(d, v, "import-values: child and parent are paths");
        }
    } else {
        return true; /* Helm passes over other forms */
    }
    AS_VEC_PUSH(d->arena, &out->imports, import);
    return true;
}

static bool alias_allowed(as_str alias)
{
    for (size_t i = 0; i < alias.n; i++) {
        char c = alias.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-') {
            return false;
        }
    }
    return true;
}

static bool read_dependency(decoder *d, const as_value *v, as_helm_dependency *out)
{
    *out = (as_helm_dependency){
            .raw = v, .enabled = as_value_bool_or(as_helm_field(v, "enabled"), false)};
    if (as_value_is_null(v)) {
        return refuse(d, v, "dependencies must not contain empty or null nodes");
    }
    if (!as_value_is(v, AS_OBJECT)) {
        return refuse_type(d, v, "Metadata.dependencies", "v2.Dependency");
    }
    const as_value *tags, *imports;
    if (!text(d, v, "name", &out->name) || !text(d, v, "version", &out->version) ||
            !text(d, v, "repository", &out->repository) ||
            !text(d, v, "condition", &out->condition) || !text(d, v, "alias", &out->alias) ||
            !list(d, v, "tags", &tags) || !list(d, v, "import-values", &imports)) {
        return false;
    }
    for (size_t i = 0; i < as_value_count(tags); i++) {
        AS_VEC_PUSH(d->arena, &out->tags, as_value_str(as_value_index(tags, i)));
    }
    for (size_t i = 0; i < as_value_count(imports); i++) {
        if (!read_import(d, as_value_index(imports, i), out)) {
            return false;
        }
    }
    return alias_allowed(out->alias) ||
           refuse(d, v, "validation: dependency \"%.*s\" has disallowed characters in the alias",
                   AS_STR_ARG(out->name));
}

static bool read_dependencies(decoder *d, const as_value *object)
{
    const as_value *deps;
    if (!list(d, object, "dependencies", &deps)) {
        return false;
    }
    if (!deps) {
        return true;
    }
    as_map keys = {0};
    d->chart->dependencies = (as_helm_dependencies){0};
    d->chart->has_dependencies = true;
    for (size_t i = 0; i < as_value_count(deps); i++) {
        as_helm_dependency dep;
        if (!read_dependency(d, as_value_index(deps, i), &dep)) {
            return false;
        }
        as_str key = dep.alias.n ? dep.alias : dep.name;
        if (as_map_put(d->arena, &keys, key, d->chart)) {
            return refuse(d, dep.raw,
                    "validation: more than one dependency with name or alias \"%.*s\"",
                    AS_STR_ARG(key));
        }
        AS_VEC_PUSH(d->arena, &d->chart->dependencies, dep);
    }
    return true;
}

/* --- fields that only .Chart shows ------------------------------------------------------------ */

typedef struct field {
    const char *name, *key;
    enum { TEXT, BOOL, TEXTS, TEXT_MAP, MAINTAINERS } kind;
} field;

static const field FIELDS[] = {
        {"Home", "home", TEXT},
        {"Sources", "sources", TEXTS},
        {"Description", "description", TEXT},
        {"Keywords", "keywords", TEXTS},
        {"Maintainers", "maintainers", MAINTAINERS},
        {"Icon", "icon", TEXT},
        {"Condition", "condition", TEXT},
        {"Tags", "tags", TEXT},
        {"Deprecated", "deprecated", BOOL},
        {"Annotations", "annotations", TEXT_MAP},
};

static bool is_text(const as_value *v)
{
    return !as_value_is(v, AS_LIST) && !as_value_is(v, AS_OBJECT);
}

/* Their types count even so: Chart.yaml does not load otherwise. */
static bool check_field(decoder *d, const as_value *metadata, const field *f)
{
    const as_value *v = as_helm_field(metadata, f->key);
    if (as_value_is_null(v)) {
        return true;
    }
    switch (f->kind) {
    case TEXT:
        return is_text(v) || refuse_type(d, v, f->key, "string");
    case BOOL:
        return as_value_is(v, AS_BOOL) || refuse_type(d, v, f->key, "bool");
    case TEXT_MAP:
        for (size_t i = 0; as_value_is(v, AS_OBJECT) && i < v->as.object->n; i++) {
            if (!is_text(v->as.object->members[i].value)) {
                return refuse_type(d, v->as.object->members[i].value, f->key, "string");
            }
        }
        return as_value_is(v, AS_OBJECT) || refuse_type(d, v, f->key, "map[string]string");
    case TEXTS:
    case MAINTAINERS:
    default:
        for (size_t i = 0; i < as_value_count(v) && as_value_is(v, AS_LIST); i++) {
            const as_value *item = as_value_index(v, i);
            if (f->kind == MAINTAINERS && as_value_is_null(item)) {
                return refuse(d, v, "validation: maintainers must not contain empty or null nodes");
            }
            if (is_text(item) != (f->kind == TEXTS)) {
                return refuse_type(d, item, f->key, f->kind == TEXTS ? "string" : "v2.Maintainer");
            }
        }
        return as_value_is(v, AS_LIST) || refuse_type(d, v, f->key, "[]string");
    }
}

static bool check_fields(decoder *d, const as_value *metadata)
{
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
        if (!check_field(d, metadata, &FIELDS[i])) {
            return false;
        }
    }
    return true;
}

/* --- the chart -------------------------------------------------------------------------------- */

static bool validate(decoder *d)
{
    const as_helm_chart *c = d->chart;
    as_semver version;
    if (c->name.n == 0) {
        return refuse(d, NULL, "validation: chart.metadata.name is required");
    }
    if (as_str_is(c->name, ".") || as_str_is(c->name, "..")) {
        return refuse(d, NULL, "validation: chart.metadata.name \"%.*s\" is not allowed",
                AS_STR_ARG(c->name));
    }
    if (as_str_find_char(c->name, '/') != (size_t)-1) {
        return refuse(d, NULL, "validation: chart.metadata.name \"%.*s\" is invalid",
                AS_STR_ARG(c->name));
    }
    if (c->version.n == 0) {
        return refuse(d, NULL, "validation: chart.metadata.version is required");
    }
    if (as_semver_parse(c->version, &version) != NULL) {
        return refuse(d, as_helm_field(c->metadata, "version"),
                "validation: chart.metadata.version \"%.*s\" is invalid", AS_STR_ARG(c->version));
    }
    if (c->type.n && !as_str_is(c->type, "application") && !as_str_is(c->type, "library")) {
        return refuse(d, as_helm_field(c->metadata, "type"),
                "validation: chart.metadata.type must be application or library");
    }
    return true;
}

bool as_helm_metadata_read(
        as_arena *arena, as_helm_chart *chart, const as_value *requirements, as_diags *diags)
{
    decoder d = {arena, chart, diags};
    const as_value *m = chart->metadata;
    if (as_value_is_null(m)) {
        m = chart->metadata = as_value_object(arena, chart->span, NULL, 0);
    }
    if (!as_value_is(m, AS_OBJECT)) {
        return refuse_type(&d, m, "Chart", "v2.Metadata");
    }
    if (!text(&d, m, "name", &chart->name) || !text(&d, m, "version", &chart->version) ||
            !text(&d, m, "apiVersion", &chart->api_version) ||
            !text(&d, m, "kubeVersion", &chart->kube_version) ||
            !as_helm_field_text(arena, m, "type", &chart->type) ||
            !text(&d, m, "appVersion", &chart->app_version)) {
        return false;
    }
    if (!check_fields(&d, m)) {
        return false;
    }
    chart->deprecated = as_value_bool_or(as_helm_field(m, "deprecated"), false);
    if (chart->api_version.n == 0) { /* charts of Helm 2 did not need it */
        chart->api_version = AS_STR("v1");
    }
    return read_dependencies(&d, m) && (!requirements || read_dependencies(&d, requirements)) &&
           validate(&d);
}

/* --- .Chart ----------------------------------------------------------------------------------- */

static void add_text(as_object_builder *b, const char *name, as_str s, as_span span)
{
    as_object_add(b, as_str_from(name), span, as_value_string(b->arena, span, s));
}

static as_str text_or_empty(as_arena *arena, const as_value *object, const char *name)
{
    as_str s;
    return as_helm_field_text(arena, object, name, &s) ? s : AS_STR("");
}

static const as_value *texts(as_arena *arena, const as_value *v)
{
    as_list_builder b;
    as_list_begin(&b, arena);
    for (size_t i = 0; i < as_value_count(v); i++) {
        const as_value *item = as_value_index(v, i);
        if (item) {
            as_list_add(&b, as_value_string(arena, item->span, as_value_str(item)));
        }
    }
    return as_list_end(&b, v ? v->span : AS_SPAN_NONE);
}

static const as_value *text_map(as_arena *arena, const as_value *v)
{
    as_object_builder b;
    as_object_begin(&b, arena);
    for (size_t i = 0; as_value_is(v, AS_OBJECT) && i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        as_str s;
        as_value *one = as_value_copy(arena, as_value_object(arena, v->span, m, 1));
        if (as_helm_field_text(arena, one, as_str_cstr(arena, m->key), &s)) {
            as_object_add(&b, m->key, m->key_span, as_value_string(arena, m->value->span, s));
        }
    }
    return as_object_end(&b, v ? v->span : AS_SPAN_NONE);
}

/* Objects with these fields as text, as Go's structToMap gives a list of structs. */
static const as_value *text_structs(
        as_arena *arena, const as_value *v, const char *const names[][2], size_t n)
{
    as_list_builder b;
    as_list_begin(&b, arena);
    for (size_t i = 0; i < as_value_count(v); i++) {
        const as_value *item = as_value_index(v, i);
        as_object_builder o;
        as_object_begin(&o, arena);
        for (size_t k = 0; k < n; k++) {
            add_text(&o, names[k][0], text_or_empty(arena, item, names[k][1]), item->span);
        }
        as_list_add(&b, as_object_end(&o, item->span));
    }
    return as_list_end(&b, v ? v->span : AS_SPAN_NONE);
}

static const as_value *field_value(as_arena *arena, const as_value *metadata, const field *f)
{
    static const char *const MAINTAINER[][2] = {
            {"Name", "name"}, {"Email", "email"}, {"URL", "url"}};
    const as_value *v = as_helm_field(metadata, f->key);
    as_span span = v ? v->span : AS_SPAN_NONE;
    switch (f->kind) {
    case BOOL:
        return as_value_bool(arena, span, as_value_bool_or(v, false));
    case TEXTS:
        return texts(arena, v);
    case TEXT_MAP:
        return text_map(arena, v);
    case MAINTAINERS:
        return text_structs(arena, v, MAINTAINER, 3);
    case TEXT:
    default:
        return as_value_string(
                arena, span, sanitize(arena, text_or_empty(arena, metadata, f->key)));
    }
}

static const as_value *dependencies_value(as_arena *arena, const as_helm_chart *chart)
{
    as_list_builder b;
    as_list_begin(&b, arena);
    for (size_t i = 0; i < chart->dependencies.n; i++) {
        const as_helm_dependency *dep = &chart->dependencies.items[i];
        as_span span = dep->raw->span;
        as_object_builder o;
        as_object_begin(&o, arena);
        add_text(&o, "Name", dep->name, span);
        add_text(&o, "Version", dep->version, span);
        add_text(&o, "Repository", dep->repository, span);
        add_text(&o, "Condition", dep->condition, span);
        as_object_add(&o, AS_STR("Tags"), span, texts(arena, as_helm_field(dep->raw, "tags")));
        as_object_add(&o, AS_STR("Enabled"), span, as_value_bool(arena, span, dep->enabled));
        const as_value *imports = as_helm_field(dep->raw, "import-values");
        as_object_add(&o, AS_STR("ImportValues"), span,
                imports ? imports : as_value_list(arena, span, NULL, 0));
        add_text(&o, "Alias", dep->alias, span);
        as_list_add(&b, as_object_end(&o, span));
    }
    return as_list_end(&b, chart->span);
}

const as_value *as_helm_metadata_value(as_arena *arena, const as_helm_chart *chart)
{
    as_object_builder b;
    as_object_begin(&b, arena);
    as_span span = chart->span;
    const as_value *name = as_helm_field(chart->metadata, "name");
    const as_value *version = as_helm_field(chart->metadata, "version");
    const as_value *app_version = as_helm_field(chart->metadata, "appVersion");
    add_text(&b, "Name", chart->name, name ? name->span : span);
    add_text(&b, "Version", chart->version, version ? version->span : span);
    add_text(&b, "APIVersion", chart->api_version, span);
    add_text(&b, "AppVersion", chart->app_version, app_version ? app_version->span : span);
    add_text(&b, "KubeVersion", chart->kube_version, span);
    add_text(&b, "Type", chart->type, span);
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
        as_object_add(&b, as_str_from(FIELDS[i].name), span,
                field_value(arena, chart->metadata, &FIELDS[i]));
    }
    as_object_add(&b, AS_STR("Dependencies"), span, dependencies_value(arena, chart));
    as_object_add(&b, AS_STR("IsRoot"), span, as_value_bool(arena, span, chart->parent == NULL));
    return as_object_end(&b, span);
}
