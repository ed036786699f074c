/* What `kubectl get -o yaml|json` has printed: Lists of objects as the cluster keeps them. The
 * files of a folder are about one cluster. */
#include "parsers/live/kubernetes/objects.h"

extern const as_parser as_parser_cluster;

typedef AS_VEC(as_str) file_list;

static void discover(as_discovery *d)
{
    as_map folders = {0};
    AS_VEC(file_list *) all = {0};

    for (size_t i = 0; i < d->n_inputs; i++) {
        as_input *input = &d->inputs[i];
        if (input->kind != AS_FILE_CLUSTER || input->taken)
            continue;
        as_str dir = as_path_dir(input->path);
        file_list *files = as_map_get(&folders, dir);
        if (!files) {
            files = AS_NEW(d->arena, file_list);
            as_map_put(d->arena, &folders, dir, files);
            AS_VEC_PUSH(d->arena, &all, files);
        }
        AS_VEC_PUSH(d->arena, files, input->path);
        input->taken = true;
    }
    for (size_t i = 0; i < all.n; i++) {
        const file_list *files = all.items[i];
        as_unit *unit = as_discovery_unit(d, AS_STR("cluster"), AS_STR(""), AS_ORIGIN_LIVE);
        as_target *target = as_discovery_add(
                d, &as_parser_cluster, files->items[0], AS_STR(""), AS_ORIGIN_LIVE, unit);
        target->files = (as_strs){files->items, files->n};
    }
}

static void load(as_load *l)
{
    as_kube_reading r = {.load = l};

    for (size_t i = 0; i < l->target->files.n; i++) {
        as_str path = l->target->files.items[i];
        as_k8s_objects objects = {0};
        const as_source *source;
        as_fs_error error = as_fs_read(l->fs, path, &source);
        if (error != AS_FS_OK) {
            as_diags_add_path(l->diags, AS_DIAG_ERROR, "file-read", path, "cannot be read: %s",
                    as_fs_error_text(error));
            continue;
        }
        l->n_files += as_k8s_parse(l->arena, source, l->diags, &objects);
        as_kube_add(&r, &objects, AS_STR(""), AS_SPAN_NONE, false);
    }
    as_kube_finish(&r);
}

const as_parser as_parser_cluster = {"cluster", discover, load};
