#include "parsers/helm/values.h"

#include "parsers/helm/coalesce.h"
#include "parsers/helm/decode.h"

static const struct {
    as_helm_set_kind kind;
    const char *flag;
} ORDER[] = {
        {AS_HELM_SET_JSON, "set-json"},
        {AS_HELM_SET, "set"},
        {AS_HELM_SET_STRING, "set-string"},
        {AS_HELM_SET_FILE, "set-file"},
        {AS_HELM_SET_LITERAL, "set-literal"},
};

static const as_value *read_values(
        as_arena *arena, as_fs *fs, const as_helm_values *v, as_diags *diags)
{
    const as_source *source = v->source;
    if (v->value) {
        return v->value;
    }
    if (!source) {
        as_fs_error error = as_fs_read(fs, v->path, &source);
        if (error != AS_FS_OK) {
            as_diags_add_path(diags, AS_DIAG_ERROR, "helm-values", v->path, "open %.*s: %s",
                    AS_STR_ARG(v->path), as_fs_error_text(error));
            return NULL;
        }
    }
    size_t before = diags->n_errors;
    const as_value *out = as_helm_values_parse(arena, source, diags);
    if (!out && diags->n_errors == before) {
        as_diags_add_path(diags, AS_DIAG_ERROR, "helm-values", source->path, "failed to parse %.*s",
                AS_STR_ARG(source->path));
    }
    return out;
}

/* --set-json '{"a": 1}' is a whole file of values. */
static bool apply_json_object(as_arena *arena, as_helm_set set, as_helm_table **into, as_str *error)
{
    const as_value *v = as_helm_json(arena, as_str_trim(set.text), set.span, error);
    if (!v) {
        return false;
    }
    *into = as_helm_table_from(
            arena, as_helm_merge_maps(arena, as_helm_table_freeze(arena, *into), v));
    return true;
}

static bool no_files(void *context, as_arena *arena, as_str path, as_str *text, as_str *error)
{
    (void)context;
    *text = AS_STR("");
    *error = as_str_fmt(arena, "open %.*s: files cannot be read here", AS_STR_ARG(path));
    return false;
}

const as_value *as_helm_values_merge(
        as_arena *arena, as_fs *fs, const as_helm_options *options, as_diags *diags)
{
    const as_value *base = as_value_object(arena, AS_SPAN_NONE, NULL, 0);
    for (size_t i = 0; i < options->values.n; i++) {
        const as_value *v = read_values(arena, fs, &options->values.items[i], diags);
        if (!v) {
            return NULL;
        }
        base = as_helm_merge_maps(arena, base, v);
    }
    if (options->sets.n == 0) {
        return base;
    }
    as_helm_table *table = as_helm_table_from(arena, base);
    for (size_t k = 0; k < sizeof ORDER / sizeof *ORDER; k++) {
        for (size_t i = 0; i < options->sets.n; i++) {
            as_helm_set set = options->sets.items[i];
            as_str error = AS_STR("");
            if (set.kind != ORDER[k].kind) {
                continue;
            }
            bool object = set.kind == AS_HELM_SET_JSON && as_str_starts(as_str_trim(set.text), "{");
            if (!(object ? apply_json_object(arena, set, &table, &error)
                         : as_helm_set_apply(arena, set,
                                   options->read_file ? options->read_file : no_files,
                                   options->read_context, table, &error))) {
                as_diags_add(diags, AS_DIAG_ERROR, "helm-set", set.span,
                        "failed parsing --%s data: %.*s", ORDER[k].flag, AS_STR_ARG(error));
                return NULL;
            }
        }
    }
    return as_helm_table_freeze(arena, table);
}
