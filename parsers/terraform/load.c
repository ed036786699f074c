/* Module directories: which files count, in which order. Terraform: parser_file_matcher.go; for
 * .tofu OpenTofu's parser_config_dir.go. */
#include "parsers/terraform/loader.h"

#include "engine/base/limits.h"

as_tf_loader *as_tf_loader_new(as_arena *arena, as_fs *fs, as_diags *diags)
{
    as_tf_loader *loader = AS_NEW(arena, as_tf_loader);
    loader->arena = loader->work = arena;
    loader->fs = fs;
    loader->sources = as_fs_sources(fs);
    loader->diags = diags;
    return loader;
}

void as_tf_loader_work_in(as_tf_loader *loader, as_arena *work)
{
    loader->work = work;
}

static bool is_blamed(const as_tf_loader *loader, const as_diag *d)
{
    if (as_str_starts(as_str_from(d->code), "terraform-config"))
        return false;
    for (size_t i = 0; i < loader->blamed.n; i++) {
        as_span s = loader->blamed.items[i];
        if (s.file == d->span.file && d->span.begin >= s.begin && d->span.begin < s.end)
            return true;
    }
    return false;
}

void as_tf_report(as_tf_loader *loader, as_diags *from)
{
    for (size_t i = 0; i < from->list.n; i++) {
        const as_diag *d = &from->list.items[i];
        if (is_blamed(loader, d))
            continue;
        as_str key = as_str_fmt(loader->arena, "%u:%u:%u:%.*s:%.*s", d->span.file, d->span.begin,
                d->span.end, AS_STR_ARG(d->summary), AS_STR_ARG(d->detail));
        if (as_map_put(loader->arena, &loader->seen, key, loader))
            continue;
        as_diags_add(loader->diags, d->severity, d->code, d->span, "%.*s", AS_STR_ARG(d->summary));
        if (d->detail.n)
            as_diags_detail(loader->diags, "%.*s", AS_STR_ARG(d->detail));
    }
    from->list.n = 0;
    from->n_errors = from->n_warnings = 0;
}

/* --- files ------------------------------------------------------------------------------------ */

typedef struct file_name {
    as_str name, stem;
    bool json, tofu;
} file_name;

typedef AS_VEC(file_name) file_names;

static bool classify(as_str name, file_name *out)
{
    static const struct {
        const char *ext;
        bool json, tofu;
    } exts[] = {{".tf", false, false}, {".tf.json", true, false}, {".tofu", false, true},
            {".tofu.json", true, true}};
    bool ignored = as_str_starts(name, ".") || as_str_ends(name, "~") ||
                   (as_str_starts(name, "#") && as_str_ends(name, "#"));
    for (size_t i = 0; !ignored && i < sizeof exts / sizeof *exts; i++)
        if (as_str_ends(name, exts[i].ext)) {
            as_str stem = as_str_slice(name, 0, name.n - strlen(exts[i].ext));
            *out = (file_name){name, stem, exts[i].json, exts[i].tofu};
            return true;
        }
    return false;
}

bool as_tf_is_module_file(as_str name)
{
    file_name file;
    return classify(name, &file);
}

size_t as_tf_loader_n_files(const as_tf_loader *loader)
{
    return loader->n_files;
}

/* OpenTofu reads main.tofu instead of main.tf when both are there. */
static bool hidden_by_tofu(const file_names *names, const file_name *file)
{
    for (size_t i = 0; !file->tofu && i < names->n; i++) {
        const file_name *other = &names->items[i];
        if (other->tofu && other->json == file->json && as_str_eq(other->stem, file->stem))
            return true;
    }
    return false;
}

static bool is_override(const file_name *file)
{
    return as_str_is(file->stem, "override") || as_str_ends(file->stem, "_override");
}

typedef AS_VEC(as_tf_file *) files;

static void load_file(as_tf_loader *loader, as_tf_decoder *d, as_str path, bool json, files *out)
{
    const as_source *source;
    as_fs_error error = as_fs_read(loader->fs, path, &source);
    if (error != AS_FS_OK) {
        as_diags_add_path(loader->diags, AS_DIAG_ERROR, "terraform-read", path,
                "Failed to read file: %s", as_fs_error_text(error));
        return;
    }
    loader->n_files++;
    /* In JSON syntax the literals of the tree are the values of the file. */
    d->arena = json ? loader->arena : loader->work;
    const as_hcl_body *body = json ? as_hcl_parse_json(d->arena, source, d->diags)
                                   : as_hcl_parse_apart(d->arena, loader->arena, source, d->diags);
    AS_VEC_PUSH(loader->work, out, as_tf_decode_file(d, body, source));
    d->arena = loader->work;
}

as_tf_module *as_tf_load(as_tf_loader *loader, as_str dir)
{
    as_tf_module *m = as_map_get(&loader->modules, dir);
    if (m)
        return m;
    as_diags diags;
    as_diags_init(&diags, loader->arena);
    as_tf_decoder d = {loader->work, loader->arena, loader->sources, &diags, false};
    as_fs_entries entries = {0};
    file_names names = {0};
    files primary = {0}, overrides = {0};
    as_fs_error error = as_fs_list(loader->fs, loader->arena, dir, &entries);
    if (error != AS_FS_OK && error != AS_FS_MISSING && error != AS_FS_NOT_FILE)
        as_diags_add_path(&diags, AS_DIAG_ERROR, "terraform-read", dir,
                "the folder cannot be read: %s", as_fs_error_text(error));
    for (size_t i = 0; error == AS_FS_OK && i < entries.n; i++) {
        file_name file;
        if (entries.items[i].kind != AS_FS_DIR && classify(entries.items[i].name, &file))
            AS_VEC_PUSH(loader->arena, &names, file);
    }
    for (size_t i = 0; i < names.n; i++) {
        const file_name *file = &names.items[i];
        if (hidden_by_tofu(&names, file))
            continue;
        as_str path = dir.n ? as_str_fmt(loader->arena, "%.*s/%.*s", AS_STR_ARG(dir),
                                      AS_STR_ARG(file->name))
                            : file->name;
        d.override = is_override(file);
        load_file(loader, &d, path, file->json, d.override ? &overrides : &primary);
    }
    d.override = false;
    dir = as_str_dup(loader->arena, dir);
    m = as_tf_module_build(&d, dir, primary.items, primary.n, overrides.items, overrides.n);
    as_map_put(loader->arena, &loader->modules, dir, m);
    as_tf_report(loader, &diags);
    return m;
}
