/* assay eval: Terraform as it evaluates; one expression; or only what is wrong with the syntax. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/base/fs.h"
#include "engine/cli/command.h"
#include "parsers/hcl/data.h"
#include "parsers/hcl/eval.h"
#include "parsers/hcl/parse.h"
#include "parsers/json/json.h"
#include "parsers/terraform/terraform.h"

extern char **environ;

typedef struct settings {
    int format;
    bool syntax_only;
    as_str expr, vars_file, workspace;
    as_str_list vars, var_files, module_dirs;
} settings;

static const char *const formats[] = {"json", NULL};

static const as_option options[] = {AS_OPTION_GROUP("Input"),
        AS_OPTION_LIST(settings, vars, 0, "var", "NAME=VALUE", "set an input variable"),
        AS_OPTION_LIST(settings, var_files, 0, "var-file", "FILE", "read values of variables"),
        AS_OPTION_LIST(settings, module_dirs, 0, "module-dir", "DIR",
                "look here for modules of registries and git"),
        AS_OPTION_TEXT(settings, workspace, 0, "workspace", "NAME",
                "what terraform.workspace says (default: default)"),
        AS_OPTION_TEXT(settings, expr, 0, "expr", "EXPR", "evaluate this expression instead"),
        AS_OPTION_TEXT(settings, vars_file, 0, "vars", "FILE", "members of `var`, for --expr"),
        AS_OPTION_GROUP("Output"),
        AS_OPTION_ENUM(settings, format, 0, "format", "FORMAT", formats, "json"),
        AS_OPTION_FLAG(settings, syntax_only, 0, "syntax-only",
                "parse and validate the configuration only"),
        AS_OPTION_END};

/* --- where the files are ---------------------------------------------------------------------- */

typedef struct place {
    const char *root; /* of the fs: the work tree, else where the caller stands, else the folder */
    as_str dir;       /* below it */
} place;

static bool is_below(const char *root, const char *path)
{
    size_t n = strlen(root);
    return strncmp(root, path, n) == 0 && (path[n] == '/' || path[n] == '\0' || n == 1);
}

static const char *work_tree(as_arena *arena, const char *path)
{
    char *dir = as_str_cstr(arena, as_str_from(path));
    while (*dir) {
        as_str git = as_str_fmt(arena, "%s/.git", dir);
        if (access(git.p, F_OK) == 0)
            return dir;
        *strrchr(dir, '/') = '\0';
    }
    return NULL;
}

static bool find_place(as_arena *arena, const char *path, place *out)
{
    char full[PATH_MAX], cwd[PATH_MAX];
    if (!realpath(path, full))
        return false;
    const char *root = work_tree(arena, full);
    if (!root)
        root = getcwd(cwd, sizeof cwd) && is_below(cwd, full) ? cwd : full;
    out->root = as_str_cstr(arena, as_str_from(root));
    const char *below = full + strlen(root);
    while (*below == '/')
        below++;
    out->dir = as_str_dup(arena, as_str_from(below));
    return true;
}

/* A path on the command line as one in the fs; as it is when it lies elsewhere. */
static as_str in_fs(as_arena *arena, const place *where, as_str path)
{
    char full[PATH_MAX];
    if (!realpath(as_str_cstr(arena, path), full) || !is_below(where->root, full))
        return path;
    const char *below = full + strlen(where->root);
    while (*below == '/')
        below++;
    return as_str_dup(arena, as_str_from(below));
}

/* --- writing ---------------------------------------------------------------------------------- */

static const as_json_style style = {.show_sensitive = true};

static void key(as_buf *buf, const char *name)
{
    as_buf_char(buf, '"');
    as_buf_cstr(buf, name);
    as_buf_cstr(buf, "\":");
}

static void member(as_buf *buf, const char *name, as_str text)
{
    as_buf_char(buf, ',');
    key(buf, name);
    as_buf_json_string(buf, text);
}

static void write_place(as_buf *buf, as_sources *sources, as_span span)
{
    const as_source *source = as_sources_get(sources, span.file);
    if (!source)
        return;
    as_position a = as_sources_position(sources, span.file, span.begin);
    as_position b = as_sources_position(sources, span.file, span.end);
    member(buf, "path", source->path);
    as_buf_fmt(buf, ",\"line\":%u,\"column\":%u,\"end_line\":%u,\"end_column\":%u", a.line,
            a.column, b.line, b.column);
}

static void write_diagnostics(as_buf *buf, as_sources *sources, const as_diags *diags)
{
    static const char *const severities[] = {
            [AS_DIAG_NOTE] = "note", [AS_DIAG_WARNING] = "warning", [AS_DIAG_ERROR] = "error"};
    key(buf, "diagnostics");
    as_buf_char(buf, '[');
    for (size_t i = 0; i < diags->list.n; i++) {
        const as_diag *d = &diags->list.items[i];
        as_buf_fmt(buf, "%s{\"severity\":\"%s\",\"code\":\"%s\"", i ? "," : "",
                severities[d->severity], d->code);
        member(buf, "summary", d->summary);
        member(buf, "detail", d->detail);
        if (d->span.file)
            write_place(buf, sources, d->span);
        else if (d->path.n)
            member(buf, "path", d->path);
        as_buf_char(buf, '}');
    }
    as_buf_char(buf, ']');
}

static void write_resource(as_buf *buf, as_sources *sources, const as_tf_resource *r)
{
    static const char *const modes[] = {
            [AS_TF_MANAGED] = "managed", [AS_TF_DATA] = "data", [AS_TF_EPHEMERAL] = "ephemeral"};
    as_buf_cstr(buf, "\n{\"address\":");
    as_buf_json_string(buf, r->address);
    as_buf_fmt(buf, ",\"mode\":\"%s\"", modes[r->mode]);
    member(buf, "type", r->type);
    member(buf, "name", r->name);
    if (r->key) {
        as_buf_cstr(buf, ",\"index\":");
        as_value_write_json(buf, r->key, style);
    }
    if (r->module.n)
        member(buf, "module", r->module);
    member(buf, "provider", r->provider_source);
    as_buf_cstr(buf, ",\"values\":");
    as_value_write_json(buf, as_tf_resource_shown(buf->arena, r), style);
    as_buf_cstr(buf, ",\"unknown\":[");
    size_t n_unknown;
    const as_str *unknown = as_tf_resource_unknown(buf->arena, r, &n_unknown);
    for (size_t i = 0; i < n_unknown; i++) {
        if (i)
            as_buf_char(buf, ',');
        as_buf_json_string(buf, unknown[i]);
    }
    as_buf_char(buf, ']');
    if (r->representative)
        as_buf_cstr(buf, ",\"representative\":true");
    write_place(buf, sources, r->header_span);
    as_buf_char(buf, '}');
}

static void write_outputs(as_buf *buf, const as_tf_root *root)
{
    bool first = true;
    as_buf_cstr(buf, "\"outputs\":{");
    for (size_t i = 0; i < root->outputs.n; i++) {
        const as_tf_output *o = &root->outputs.items[i];
        if (o->module.n)
            continue;
        if (!first)
            as_buf_char(buf, ',');
        first = false;
        as_buf_json_string(buf, o->name);
        as_buf_fmt(buf, ":{\"sensitive\":%s", o->sensitive ? "true" : "false");
        if (o->value->kind == AS_UNKNOWN) {
            as_buf_cstr(buf, ",\"unknown\":true");
            member(buf, "reason", as_value_reason(o->value));
        } else {
            as_buf_cstr(buf, ",\"value\":");
            as_value_write_json(buf, o->value, style);
        }
        as_buf_char(buf, '}');
    }
    as_buf_char(buf, '}');
}

static as_exit finish(as_cli *cli, as_buf *buf, const as_diags *diags)
{
    as_buf_cstr(buf, "}\n");
    as_exit exit = as_cli_print(cli, as_buf_view(buf));
    return exit != AS_EXIT_OK ? exit : diags->n_errors ? AS_EXIT_PARTIAL : AS_EXIT_OK;
}

/* --- configurations, plans and states --------------------------------------------------------- */

static void split_assignment(as_str text, as_tf_assignment *out)
{
    size_t equals = as_str_find_char(text, '=');
    out->name = as_str_trim(as_str_slice(text, 0, equals));
    out->text = as_str_from_index(text, equals + 1);
}

static void fill_options(as_cli *cli, const place *where, as_tf_options *out)
{
    const settings *s = cli->settings;
    as_arena *arena = cli->arena;
    as_tf_assignment *vars = AS_NEW_ARRAY(arena, as_tf_assignment, s->vars.n);
    for (size_t i = 0; i < s->vars.n; i++)
        split_assignment(s->vars.items[i], &vars[i]);
    as_str *files = AS_NEW_ARRAY(arena, as_str, s->var_files.n);
    for (size_t i = 0; i < s->var_files.n; i++)
        files[i] = in_fs(arena, where, s->var_files.items[i]);
    as_str *dirs = AS_NEW_ARRAY(arena, as_str, s->module_dirs.n);
    for (size_t i = 0; i < s->module_dirs.n; i++)
        dirs[i] = in_fs(arena, where, s->module_dirs.items[i]);
    AS_VEC(as_tf_assignment) environment = {0};
    for (char **e = environ; *e; e++)
        if (strncmp(*e, "TF_VAR_", 7) == 0 && strchr(*e, '=')) {
            as_tf_assignment a;
            split_assignment(as_str_from(*e + 7), &a);
            AS_VEC_PUSH(arena, &environment, a);
        }
    *out = (as_tf_options){.environment = environment.items,
            .n_environment = environment.n,
            .var_files = files,
            .n_var_files = s->var_files.n,
            .vars = vars,
            .n_vars = s->vars.n,
            .workspace = s->workspace,
            .module_dirs = dirs,
            .n_module_dirs = s->module_dirs.n};
}

static const as_tf_root *read_root(as_cli *cli, as_fs *fs, const place *where, as_diags *diags)
{
    as_tf_options tf_options;
    fill_options(cli, where, &tf_options);
    as_tf_loader *loader = as_tf_loader_new(cli->arena, fs, diags);
    if (as_fs_stat(fs, where->dir) != AS_FS_FILE)
        return as_tf_evaluate(loader, where->dir, &tf_options);
    const as_source *source;
    as_fs_error error = as_fs_read(fs, where->dir, &source);
    if (error != AS_FS_OK) {
        as_diags_add_path(diags, AS_DIAG_ERROR, "read", where->dir, "%s", as_fs_error_text(error));
        return NULL;
    }
    const as_value *json = as_json_parse(cli->arena, source, diags);
    return json ? as_tf_read_json(loader, source, json, as_path_dir(where->dir), &tf_options)
                : NULL;
}

static as_exit eval_dir(as_cli *cli, as_fs *fs, const place *where)
{
    const settings *s = cli->settings;
    as_sources *sources = as_fs_sources(fs);
    as_diags diags;
    as_diags_init(&diags, cli->arena);
    as_buf buf;
    as_buf_init(&buf, cli->arena, (size_t)1 << 30);
    as_buf_char(&buf, '{');
    if (s->syntax_only) {
        as_tf_validate(as_tf_loader_new(cli->arena, fs, &diags), where->dir);
        write_diagnostics(&buf, sources, &diags);
        return finish(cli, &buf, &diags);
    }
    const as_tf_root *root = read_root(cli, fs, where, &diags);
    as_buf_cstr(&buf, "\"resources\":[");
    for (size_t i = 0; root && i < root->resources.n; i++) {
        if (i)
            as_buf_char(&buf, ',');
        write_resource(&buf, sources, &root->resources.items[i]);
    }
    as_buf_cstr(&buf, "],\n");
    if (root) {
        write_outputs(&buf, root);
        as_buf_cstr(&buf, ",\n");
    }
    write_diagnostics(&buf, sources, &diags);
    as_cli_print_diags(cli, sources, &diags);
    return finish(cli, &buf, &diags);
}

/* --- one expression --------------------------------------------------------------------------- */

/* {"$unknown": "list(string)"} and {"$sensitive": x} stand for what JSON cannot say. */
static const as_value *with_marks(as_arena *arena, const as_value *v)
{
    if (v->kind == AS_LIST) {
        as_list_builder b;
        as_list_begin(&b, arena);
        for (size_t i = 0; i < v->as.list.n; i++)
            as_list_add(&b, with_marks(arena, v->as.list.items[i]));
        return as_list_end(&b, v->span);
    }
    if (v->kind != AS_OBJECT)
        return v;
    const as_value *unknown = as_value_get(v, AS_STR("$unknown"));
    if (unknown && v->as.object->n == 1) {
        const as_type *type = as_type_parse_text(arena, as_value_str(unknown));
        return as_hcl_unknown(arena, v->span, type, AS_STR("given as unknown"));
    }
    const as_value *sensitive = as_value_get(v, AS_STR("$sensitive"));
    if (sensitive && v->as.object->n == 1)
        return as_hcl_with_marks(arena, with_marks(arena, sensitive), AS_SENSITIVE);
    as_object_builder b;
    as_object_begin(&b, arena);
    for (size_t i = 0; i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        as_object_add(&b, m->key, m->key_span, with_marks(arena, m->value));
    }
    return as_object_end(&b, v->span);
}

static const as_value *stand_in(as_arena *arena, as_str key, const as_value *value)
{
    as_object_builder b;
    as_object_begin(&b, arena);
    as_object_add(&b, key, value->span, value);
    return as_object_end(&b, value->span);
}

/* The way back; {"$inf": true} is negative infinity. */
static const as_value *without_marks(as_arena *arena, const as_value *v)
{
    if (v->kind == AS_UNKNOWN)
        return stand_in(arena, AS_STR("$unknown"),
                as_value_string(arena, v->span, as_type_text(arena, as_type_of(arena, v))));
    if (v->kind == AS_FLOAT && isinf(v->as.number))
        return stand_in(arena, AS_STR("$inf"), as_value_bool(arena, v->span, v->as.number < 0));
    if (v->kind == AS_LIST) {
        as_list_builder b;
        as_list_begin(&b, arena);
        for (size_t i = 0; i < v->as.list.n; i++)
            as_list_add(&b, without_marks(arena, v->as.list.items[i]));
        return as_list_end(&b, v->span);
    }
    if (v->kind == AS_OBJECT) {
        as_object_builder b;
        as_object_begin(&b, arena);
        for (size_t i = 0; i < v->as.object->n; i++) {
            const as_member *m = &v->as.object->members[i];
            as_object_add(&b, m->key, m->key_span, without_marks(arena, m->value));
        }
        return as_object_end(&b, v->span);
    }
    return v;
}

static const as_value *resolve_var(
        void *self, as_hcl_ctx *ctx, const as_hcl_traversal *traversal, as_span span, size_t *used)
{
    (void)ctx;
    (void)span;
    *used = 1;
    return as_str_is(traversal->steps[0].name, "var") ? *(const as_value *const *)self : NULL;
}

/* NULL after a diagnostic. */
static const as_value *read_vars(as_cli *cli, as_sources *sources, as_diags *diags)
{
    const settings *s = cli->settings;
    if (!s->vars_file.n)
        return as_hcl_object(cli->arena, AS_SPAN_NONE, NULL, 0);
    const as_source *source = as_file_read(
            cli->arena, sources, as_str_cstr(cli->arena, s->vars_file), AS_STR(""), diags);
    const as_value *vars = source ? as_json_parse(cli->arena, source, diags) : NULL;
    return vars ? as_hcl_import(cli->arena, with_marks(cli->arena, vars)) : NULL;
}

static as_exit eval_expr(as_cli *cli, as_fs *fs)
{
    const settings *s = cli->settings;
    as_sources *sources = as_fs_sources(fs);
    as_diags diags;
    as_diags_init(&diags, cli->arena);
    const as_value *vars = read_vars(cli, sources, &diags);
    if (!vars) {
        as_cli_print_diags(cli, sources, &diags);
        return AS_EXIT_ERROR;
    }
    const as_source *source = as_sources_add(sources, AS_STR("expression"), s->expr, true);
    if (!source)
        return as_cli_error(cli, "the expression is too long");
    uint64_t steps = 20000000;
    as_hcl_ctx ctx = {.arena = cli->arena,
            .diags = &diags,
            .steps = &steps,
            .resolve = resolve_var,
            .host = &vars,
            .fs = fs};
    const as_hcl_expr *expr = as_hcl_parse_expr(cli->arena, source, &diags);
    const as_value *v = diags.n_errors ? NULL : as_hcl_eval(&ctx, expr);
    as_buf buf;
    as_buf_init(&buf, cli->arena, 0);
    as_buf_char(&buf, '{');
    if (v && !diags.n_errors) {
        key(&buf, "value");
        as_value_write_json(&buf, without_marks(cli->arena, v), style);
        member(&buf, "type", as_type_text(cli->arena, as_type_of(cli->arena, v)));
        if (as_hcl_marks_deep(cli->arena, v) & AS_SENSITIVE)
            as_buf_cstr(&buf, ",\"sensitive\":true");
    } else {
        write_diagnostics(&buf, sources, &diags);
    }
    as_cli_print_diags(cli, sources, &diags);
    return finish(cli, &buf, &diags);
}

/* --- the command ------------------------------------------------------------------------------ */

static void close_fs(void *fs)
{
    as_fs_free(fs);
}

static void close_sources(void *sources)
{
    as_sources_free(sources);
}

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;
    if (cli->args.n > 1)
        return as_cli_usage_error(cli, "only one DIR can be evaluated");
    if (s->expr.n && cli->args.n)
        return as_cli_usage_error(cli, "--expr stands instead of DIR");
    for (size_t i = 0; i < s->vars.n; i++)
        if (as_str_find_char(s->vars.items[i], '=') == (size_t)-1)
            return as_cli_usage_error(cli, "--var needs NAME=VALUE");
    const char *path = cli->args.n ? as_str_cstr(cli->arena, cli->args.items[0]) : ".";
    place where;
    if (!find_place(cli->arena, path, &where))
        return as_cli_error(cli, "%s: %s", path, strerror(errno));
    as_sources *sources = as_sources_new();
    if (!sources)
        return as_cli_error(cli, "out of memory");
    as_arena_defer(cli->arena, close_sources, sources);
    as_fs *fs = as_fs_open_dir(s->expr.n ? "." : where.root, sources);
    if (!fs)
        return as_cli_error(cli, "%s: %s", path, strerror(errno));
    as_arena_defer(cli->arena, close_fs, fs);
    return s->expr.n ? eval_expr(cli, fs) : eval_dir(cli, fs, &where);
}

static const as_example examples[] = {
        {"assay eval envs/prod --var-file prod.tfvars", "every resource as it will be planned"},
        {"assay eval --syntax-only .", "what is wrong with the configuration"},
        {"assay eval --expr 'cidrsubnet(\"10.0.0.0/16\", 8, 3)'", "one expression"}, {NULL, NULL}};

const as_command as_command_eval = {
        .name = "eval",
        .summary = "evaluate a Terraform configuration, plan, state or expression",
        .usage = "[OPTION…] [DIR]\n--expr EXPR [--vars FILE]",
        .description = "Prints resources and outputs as JSON. What providers decide, and what "
                       "nobody has given, is left out and listed under \"unknown\". Exit code 3 "
                       "says that something could not be read or evaluated.",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
