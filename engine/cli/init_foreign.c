#include "engine/cli/init_foreign.h"

#include <unistd.h>

#include "engine/base/file.h"
#include "parsers/yaml/yaml.h"

const char *const as_foreign_tools[] = {"all", "checkov", "tfsec", "trivy", "kube-linter", NULL};

typedef struct reading {
    as_arena *arena;
    as_sources *sources;
    const as_ruleset *rules;
    as_diags *diags;
    as_foreign *out;
    AS_VEC(as_str) files;
} reading;

static bool knows(const reading *r, as_str id)
{
    return as_ruleset_find(r->rules, id) != NULL;
}

static void ignore(reading *r, as_foreign_ignore what)
{
    what.known = knows(r, what.id);
    if (what.id.n > 0)
        AS_VEC_PUSH(r->arena, &r->out->ignores, what);
}

/* A list, or a text with commas between. */
static as_strs texts_of(reading *r, const as_value *v)
{
    AS_VEC(as_str) list = {0};
    as_str rest = as_value_str(v), part;

    for (size_t i = 0; i < as_value_list_count(v); i++) {
        as_str item = as_value_str(as_value_index(v, i));
        if (item.n > 0)
            AS_VEC_PUSH(r->arena, &list, as_str_trim(item));
    }
    while (as_str_split(&rest, ',', &part))
        if (as_str_trim(part).n > 0)
            AS_VEC_PUSH(r->arena, &list, as_str_trim(part));
    return (as_strs){list.items, list.n};
}

static void ignore_all(reading *r, const as_value *v)
{
    as_strs ids = texts_of(r, v);

    for (size_t i = 0; i < ids.n; i++)
        ignore(r, (as_foreign_ignore){.id = ids.items[i]});
}

/* NULL when there is no such file. */
static const as_source *read_file(reading *r, const char *dir, const char *name)
{
    as_str path = as_str_fmt(r->arena, "%s/%s", dir, name);

    if (access(path.p, R_OK) != 0)
        return NULL;
    const as_source *source =
            as_file_read(r->arena, r->sources, path.p, as_str_from(name), r->diags);
    if (source)
        AS_VEC_PUSH(r->arena, &r->files, source->path);
    return source;
}

static const as_value *read_yaml(reading *r, const char *dir, const char *name)
{
    const as_source *source = read_file(r, dir, name);

    return source ? as_yaml_parse_one(
                            r->arena, source, (as_yaml_options){.flavour = AS_YAML_CORE}, r->diags)
                  : NULL;
}

/* https://www.checkov.io/2.Basics/CLI%20Command%20Reference.html: options as keys, with dashes. */
static void take_checkov(reading *r, const as_value *v)
{
    as_strs paths = texts_of(r, as_value_get(v, AS_STR("skip-path")));
    as_strs only = texts_of(r, as_value_get(v, AS_STR("check")));

    ignore_all(r, as_value_get(v, AS_STR("skip-check")));
    for (size_t i = 0; i < paths.n; i++)
        AS_VEC_PUSH(r->arena, &r->out->paths, paths.items[i]);
    for (size_t i = 0; i < only.n; i++)
        if (knows(r, only.items[i]))
            AS_VEC_PUSH(r->arena, &r->out->only, only.items[i]);
    if (as_value_bool_or(as_value_get(v, AS_STR("soft-fail")), false))
        r->out->fail_on = AS_STR("none");
}

/* .checkov.baseline: {"failed_checks": [{"file": "/main.tf", "findings": [{"resource",
 * "check_ids"}]}]} */
static void take_checkov_baseline(reading *r, const as_value *v)
{
    const as_value *files = as_value_get(v, AS_STR("failed_checks"));

    for (size_t i = 0; i < as_value_list_count(files); i++) {
        const as_value *findings = as_value_get(as_value_index(files, i), AS_STR("findings"));
        for (size_t k = 0; k < as_value_list_count(findings); k++) {
            const as_value *f = as_value_index(findings, k);
            as_strs ids = texts_of(r, as_value_get(f, AS_STR("check_ids")));
            for (size_t n = 0; n < ids.n; n++)
                ignore(r, (as_foreign_ignore){.id = ids.items[n],
                                  .address = as_value_str(as_value_get(f, AS_STR("resource"))),
                                  .reason = AS_STR("in the baseline of checkov")});
        }
    }
}

/* .tfsec/config.yml: exclude, severity_overrides, minimum_severity. */
static void take_tfsec(reading *r, const as_value *v)
{
    const as_value *overrides = as_value_get(v, AS_STR("severity_overrides"));

    ignore_all(r, as_value_get(v, AS_STR("exclude")));
    for (size_t i = 0; as_value_is(overrides, AS_OBJECT) && i < overrides->as.object->n; i++) {
        const as_member *m = &overrides->as.object->members[i];
        as_str severity = as_str_lower(r->arena, as_value_str(m->value));
        as_severity parsed;
        if (as_severity_parse(severity, &parsed))
            AS_VEC_PUSH(r->arena, &r->out->severities,
                    (as_foreign_severity){m->key, severity, knows(r, m->key)});
    }
    as_severity least;
    as_str minimum =
            as_str_lower(r->arena, as_value_str(as_value_get(v, AS_STR("minimum_severity"))));
    if (as_severity_parse(minimum, &least))
        r->out->fail_on = minimum;
}

/* .trivyignore: an id a line, with exp:YYYY-MM-DD; comments above are taken as the reason. */
static void take_trivy_lines(reading *r, as_str text)
{
    as_str line, reason = AS_STR("");

    while (as_str_split(&text, '\n', &line)) {
        as_str trimmed = as_str_trim(line), word, until = AS_STR("");
        if (trimmed.n == 0 || trimmed.p[0] == '#') {
            reason = trimmed.n == 0 ? AS_STR("") : as_str_trim(as_str_from_index(trimmed, 1));
            continue;
        }
        as_str rest = trimmed, id = AS_STR("");
        while (as_str_split(&rest, ' ', &word)) {
            if (as_str_starts(word, "#"))
                break;
            if (as_str_starts(word, "exp:"))
                until = as_str_from_index(word, 4);
            else if (id.n == 0)
                id = word;
        }
        ignore(r, (as_foreign_ignore){.id = id, .reason = reason, .until = until});
    }
}

/* .trivyignore.yaml: misconfigurations: [{id, paths, statement, expired_at}] */
static void take_trivy_yaml(reading *r, const as_value *v)
{
    const as_value *list = as_value_get(v, AS_STR("misconfigurations"));

    for (size_t i = 0; i < as_value_list_count(list); i++) {
        const as_value *m = as_value_index(list, i);
        ignore(r, (as_foreign_ignore){.id = as_value_str(as_value_get(m, AS_STR("id"))),
                          .paths = texts_of(r, as_value_get(m, AS_STR("paths"))),
                          .reason = as_value_str(as_value_get(m, AS_STR("statement"))),
                          .until = as_str_slice(
                                  as_value_str(as_value_get(m, AS_STR("expired_at"))), 0, 10)});
    }
}

/* .kube-linter.yaml: checks: {exclude, include, ignorePaths} */
static void take_kube_linter(reading *r, const as_value *v)
{
    const as_value *checks = as_value_get(v, AS_STR("checks"));
    as_strs paths = texts_of(r, as_value_get(checks, AS_STR("ignorePaths")));

    ignore_all(r, as_value_get(checks, AS_STR("exclude")));
    for (size_t i = 0; i < paths.n; i++)
        AS_VEC_PUSH(r->arena, &r->out->paths, paths.items[i]);
}

void as_foreign_read(as_arena *arena, as_sources *sources, const char *dir, as_str tool,
        const as_ruleset *rules, as_diags *diags, as_foreign *out)
{
    static const struct {
        const char *tool, *file;
        void (*take)(reading *r, const as_value *v);
    } files[] = {{"checkov", ".checkov.yaml", take_checkov},
            {"checkov", ".checkov.yml", take_checkov},
            {"checkov", ".checkov.baseline", take_checkov_baseline},
            {"tfsec", ".tfsec/config.yml", take_tfsec}, {"tfsec", ".tfsec/config.yaml", take_tfsec},
            {"tfsec", ".tfsec/config.json", take_tfsec},
            {"trivy", ".trivyignore.yaml", take_trivy_yaml}, {"trivy", ".trivyignore", NULL},
            {"kube-linter", ".kube-linter.yaml", take_kube_linter},
            {"kube-linter", ".kube-linter.yml", take_kube_linter}};
    reading r = {.arena = arena, .sources = sources, .rules = rules, .diags = diags, .out = out};

    *out = (as_foreign){0};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (!as_str_is(tool, "all") && !as_str_is(tool, files[i].tool))
            continue;
        if (!files[i].take) {
            const as_source *source = read_file(&r, dir, files[i].file);
            take_trivy_lines(&r, source ? source->text : AS_STR(""));
            continue;
        }
        const as_value *v = read_yaml(&r, dir, files[i].file);
        if (v)
            files[i].take(&r, v);
    }
    out->files = (as_strs){r.files.items, r.files.n};
}
