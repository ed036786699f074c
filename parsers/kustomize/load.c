/* Files that a kustomization names. */
#include <stdarg.h>

#include "parsers/kustomize/build.h"

bool as_kust_fail(as_kust *k, const char *code, as_span span, const char *fmt, ...)
{
    va_list args;
    as_buf buf;

    as_buf_init(&buf, k->arena, 0);
    va_start(args, fmt);
    as_buf_vfmt(&buf, fmt, args);
    va_end(args);
    as_diags_add(k->diags, AS_DIAG_ERROR, code, span, "%.*s", AS_STR_ARG(as_buf_view(&buf)));
    return false;
}

const as_value *as_kust_field(const as_kust_target *t, const char *key)
{
    return as_value_get(t->value, as_str_from(key));
}

const as_source *as_kust_text(as_kust *k, as_str name, as_str text)
{
    return as_sources_add(k->sources, name, text, true);
}

static bool is_below(as_str dir, as_str path)
{
    return !dir.n || (path.n > dir.n && path.p[dir.n] == '/' && memcmp(path.p, dir.p, dir.n) == 0);
}

bool as_kust_read(
        as_kust *k, const as_kust_target *t, as_str path, as_span span, const as_source **out)
{
    as_fs_error error;
    as_str full;

    if (as_str_contains(path, "://"))
        return as_kust_fail(k, "kustomize-remote", span, "%.*s is remote: nothing is fetched",
                AS_STR_ARG(path));
    if (!as_path_join(k->arena, t->dir, path, &full))
        return as_kust_fail(
                k, "kustomize-file", span, "%.*s leads out of what is scanned", AS_STR_ARG(path));
    if (!k->options.load_outside && !is_below(t->dir, full))
        return as_kust_fail(k, "kustomize-file", span,
                "security; file '%.*s' is not in or below '%.*s'", AS_STR_ARG(full),
                AS_STR_ARG(t->dir));
    error = as_fs_read(k->fs, full, out);
    return error == AS_FS_OK || as_kust_fail(k, "kustomize-file", span, "%.*s: %s",
                                        AS_STR_ARG(path), as_fs_error_text(error));
}

const as_value *as_kust_parse(as_kust *k, const as_source *source)
{
    return as_yaml_parse_one(
            k->arena, source, (as_yaml_options){.flavour = AS_YAML_GO_V2}, k->diags);
}
