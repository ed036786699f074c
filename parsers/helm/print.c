/* What `helm template` prints (Helm pkg/cmd/template.go). */
#include "parsers/helm/helm.h"

#include "engine/base/path_glob.h"

static void write_one(as_buf *out, const as_helm_manifest *m)
{
    as_buf_cstr(out, "---\n# Source: ");
    as_buf_str(out, m->source);
    as_buf_char(out, '\n');
    as_buf_str(out, m->text);
    as_buf_char(out, '\n');
}

static void trim_end(as_buf *out, size_t from)
{
    while (out->n > from && (out->p[out->n - 1] == '\n' || out->p[out->n - 1] == ' ' ||
                                    out->p[out->n - 1] == '\t' || out->p[out->n - 1] == '\r')) {
        out->n--;
    }
}

void as_helm_release_write(as_buf *out, const as_helm_release *release)
{
    size_t start = out->n, i = 0;
    while (i < release->manifests.n && !release->manifests.items[i].hook.n) {
        write_one(out, &release->manifests.items[i++]);
    }
    trim_end(out, start);
    as_buf_char(out, '\n');
    for (; i < release->manifests.n; i++) {
        write_one(out, &release->manifests.items[i]);
    }
}

bool as_helm_release_write_only(as_arena *arena, as_buf *out, const as_helm_release *release,
        const as_helm_strs *patterns, as_str *error)
{
    for (size_t p = 0; p < patterns->n; p++) {
        bool found = false;
        for (size_t i = 0; i < release->manifests.n; i++) {
            const as_helm_manifest *m = &release->manifests.items[i];
            /* The chart's name in front is not part of what is matched. */
            size_t slash = as_str_find_char(m->source, '/');
            if (!as_path_glob_match(patterns->items[p], as_str_from_index(m->source, slash + 1))) {
                continue;
            }
            found = true;
            write_one(out, m);
            bool last = i + 1 == release->manifests.n || release->manifests.items[i + 1].hook.n;
            if (!m->hook.n && last) { /* this one ended the manifests, which were trimmed */
                trim_end(out, 0);
                as_buf_char(out, '\n');
            }
            as_buf_char(out, '\n');
        }
        if (!found) {
            *error = as_str_fmt(
                    arena, "could not find template %.*s in chart", AS_STR_ARG(patterns->items[p]));
            return false;
        }
    }
    return true;
}
