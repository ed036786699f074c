#include "parsers/live/kubernetes/cluster.h"

#include <sys/stat.h>

#include "engine/base/file.h"
#include "parsers/kubernetes/kubernetes.h"
#include "parsers/live/snapshot.h"

static void add(as_list_builder *list, const as_k8s_objects *objects, bool with_secrets)
{
    for (size_t i = 0; i < objects->n; i++) {
        const as_value *object = objects->items[i].value;
        if (with_secrets ||
                !as_str_is(as_value_str(as_value_get(object, AS_STR("kind"))), "Secret"))
            as_list_add(list, object);
    }
}

static void read_snapshot(
        as_arena *arena, as_fs *fs, as_str key, as_diags *diags, as_list_builder *list)
{
    as_snapshot_parts parts;

    as_snapshot_open_some(arena, fs, AS_STR(""), AS_STR("k8s/"), key, diags, &parts);
    for (size_t i = 0; i < parts.n; i++) {
        const as_snapshot_answer *answers;
        size_t n;
        as_snapshot_answers(arena, &parts.items[i], diags, &answers, &n);
        for (size_t k = 0; k < n; k++) {
            as_k8s_objects objects = {0};
            if (answers[k].error.n == 0 && as_value_is(answers[k].body, AS_OBJECT))
                as_k8s_add(arena, answers[k].body, answers[k].body->span, diags, &objects);
            add(list, &objects, false);
        }
    }
}

const as_value *as_cluster_read(
        as_arena *arena, as_sources *sources, const char *path, as_str key_pem, as_diags *diags)
{
    size_t errors = diags->n_errors;
    as_list_builder list;
    struct stat info;

    as_list_begin(&list, arena);
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        as_fs *fs = as_fs_open_dir(path, sources);
        if (fs)
            read_snapshot(arena, fs, key_pem, diags, &list);
        as_fs_free(fs);
    } else {
        as_k8s_objects objects = {0};
        const as_source *source = as_file_read(arena, sources, path, AS_STR(""), diags);
        if (source && as_k8s_parse(arena, source, diags, &objects))
            add(&list, &objects, true);
    }
    return diags->n_errors > errors ? NULL : as_list_end(&list, AS_SPAN_NONE);
}
