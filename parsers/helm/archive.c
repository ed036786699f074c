#include "parsers/helm/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include "engine/base/limits.h"

/* archive.MaxDecompressedChartSize and MaxDecompressedFileSize. */
#define MAX_CHART_BYTES ((size_t)100 << 20)
#define MAX_MEMBER_BYTES ((size_t)5 << 20)

static bool refuse(as_helm_loader *l, const as_source *archive, const char *fmt, ...)
        AS_PRINTF(3, 4);

static bool refuse(as_helm_loader *l, const as_source *archive, const char *fmt, ...)
{
    as_buf buf;
    va_list args;
    as_buf_init(&buf, l->arena, 0);
    va_start(args, fmt);
    as_buf_vfmt(&buf, fmt, args);
    va_end(args);
    as_diags_add_path(l->diags, AS_DIAG_ERROR, "helm-archive", archive->path, "%.*s",
            AS_STR_ARG(as_buf_view(&buf)));
    return false;
}

/* The member's name below the archive's first folder; false when it is refused. */
static bool member_name(as_helm_loader *l, const as_source *archive, as_str full, as_str *out)
{
    /* Archives made on Windows may use '\'. */
    char mark = as_str_find_char(full, '\\') != (size_t)-1 ? '\\' : '/';
    as_str first, rest = full;
    if (!as_str_split(&rest, mark, &first)) {
        rest = AS_STR("");
    }
    char *p = as_str_cstr(l->arena, rest);
    for (size_t i = 0; i < rest.n; i++) {
        p[i] = p[i] == mark ? '/' : p[i];
    }
    as_str name = {p, rest.n};
    if (as_str_starts(name, "/")) {
        return refuse(l, archive, "chart illegally contains absolute paths");
    }
    if (!as_path_join(l->arena, AS_STR(""), name, out)) {
        return refuse(l, archive, "chart illegally references parent directory");
    }
    if (out->n == 0) {
        return refuse(l, archive,
                "chart illegally contains content outside the base directory: \"%.*s\"",
                AS_STR_ARG(full));
    }
    bool drive = out->n > 2 && out->p[1] == ':' && out->p[2] == '/';
    if (as_str_starts(*out, "..") || drive) {
        return refuse(l, archive, "chart contains illegally named files");
    }
    if (as_str_is(first, "Chart.yaml")) {
        return refuse(l, archive, "chart yaml not in base directory");
    }
    return true;
}

static bool read_member(
        as_helm_loader *l, const as_source *archive, struct archive *a, as_str full, as_str *out)
{
    as_buf buf;
    as_buf_init(&buf, l->arena, MAX_MEMBER_BYTES + (64u << 10));
    char chunk[16384];
    la_ssize_t n;
    while ((n = archive_read_data(a, chunk, sizeof chunk)) > 0) {
        l->n_bytes += (size_t)n;
        if (l->n_bytes > MAX_CHART_BYTES) {
            return refuse(l, archive, "decompressed chart is larger than the maximum size %zu",
                    MAX_CHART_BYTES);
        }
        if (buf.n + (size_t)n > MAX_MEMBER_BYTES) {
            return refuse(l, archive,
                    "decompressed chart file \"%.*s\" is larger than the maximum file size %zu",
                    AS_STR_ARG(full), MAX_MEMBER_BYTES);
        }
        as_buf_add(&buf, chunk, (size_t)n);
    }
    if (n < 0) {
        const char *why = archive_error_string(a);
        return refuse(l, archive, "the archive is damaged: %s", why ? why : "unknown reason");
    }
    as_str text = {as_buf_c(&buf), buf.n};
    *out = as_str_starts(text, "\xEF\xBB\xBF") ? as_str_from_index(text, 3) : text;
    return true;
}

static bool read_members(
        as_helm_loader *l, const as_source *archive, struct archive *a, as_helm_files *out)
{
    struct archive_entry *entry;
    int status;
    while ((status = archive_read_next_header(a, &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN) {
        as_str full = as_str_dup(l->arena, as_str_from(archive_entry_pathname(entry)));
        as_helm_file file = {0};
        if (archive_entry_filetype(entry) == AE_IFDIR) {
            continue;
        }
        if (++l->n_files > AS_MAX_ARCHIVE_FILES) {
            return refuse(
                    l, archive, "chart archives hold more than %d files", AS_MAX_ARCHIVE_FILES);
        }
        if (!member_name(l, archive, full, &file.name)) {
            return false;
        }
        if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry)) {
            as_diags_add_path(l->diags, AS_DIAG_WARNING, "helm-archive", archive->path,
                    "\"%.*s\" is a link or a device: it is left out", AS_STR_ARG(full));
            continue;
        }
        if (!read_member(l, archive, a, full, &file.data)) {
            return false;
        }
        file.size = file.data.n;
        file.path =
                as_str_fmt(l->arena, "%.*s!%.*s", AS_STR_ARG(archive->path), AS_STR_ARG(file.name));
        AS_VEC_PUSH(l->arena, out, file);
    }
    if (status != ARCHIVE_EOF) {
        const char *why = archive_error_string(a);
        return refuse(l, archive, "the archive is damaged: %s", why ? why : "unknown reason");
    }
    return out->n > 0 || refuse(l, archive, "no files in chart archive");
}

bool as_helm_archive_read(as_helm_loader *l, const as_source *source, as_helm_files *out)
{
    struct archive *a = NULL;
    if (!as_str_starts(source->text, "\x1F\x8B\x08")) {
        return refuse(l, source, "file '%.*s' does not appear to be a gzipped archive",
                AS_STR_ARG(source->path));
    }
    volatile bool good = false;
    as_guard guard;
    a = archive_read_new();
    if (!a) {
        return refuse(l, source, "out of memory");
    }
    if (AS_GUARD_ENTER(&guard, l->arena)) {
        archive_read_support_filter_gzip(a);
        archive_read_support_format_tar(a);
        if (archive_read_open_memory(a, source->text.p, source->text.n) == ARCHIVE_OK) {
            good = read_members(l, source, a, out);
        } else {
            good = refuse(l, source, "the archive cannot be opened");
        }
        as_guard_leave(&guard);
        archive_read_free(a);
        return good;
    }
    archive_read_free(a);
    as_arena_unwind(l->arena, guard.cause);
}
