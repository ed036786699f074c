/* Workflows, pipelines, Ansible and package sources: from a file's bytes to the linked graph. The first
 * byte chooses what the file is called. */
#include <stdint.h>
#include <stdlib.h>

#include "engine/base/fs_memory.h"
#include "engine/scan/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {".github/workflows/a.yml", "action.yml", ".gitlab-ci.yml", "playbook.yml",
        "roles/a/tasks/main.yml", "group_vars/all.yml", "requirements.yml", ".npmrc", "settings.xml"};

enum { N_NAMES = sizeof names / sizeof *names };

static void load(as_arena *arena, as_fs *fs)
{
    as_diags diags;
    as_diags_init(&diags, arena);
    as_root root = {.fs = fs};
    AS_VEC_PUSH(arena, &root.folders, AS_STR(""));
    as_inventory inventory;
    as_loading loading;
    as_parse_options options = {0};
    as_inventory_take(arena, &root, NULL, &diags, &inventory);
    as_load_run(arena, &root, &inventory, &options, NULL, 0, 1, &diags, &loading);
    as_graph *graph = as_graph_new(arena);
    as_load_add(&loading, graph);
    as_graph_link(graph);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    as_arena *arena = as_arena_new(0);
    as_sources *sources = as_sources_new();
    if (size == 0 || arena == NULL || sources == NULL)
        goto out;
    as_memory_file file = {as_str_from(names[data[0] % N_NAMES]), {(const char *)data + 1, size - 1}};
    as_fs *fs = as_fs_open_memory(&file, 1, sources);
    as_guard guard;
    if (fs != NULL && AS_GUARD_ENTER(&guard, arena)) {
        load(arena, fs);
        as_guard_leave(&guard);
    }
    as_arena_free(arena);
    arena = NULL;
    as_fs_free(fs);
out:
    as_arena_free(arena);
    as_sources_free(sources);
    return 0;
}
