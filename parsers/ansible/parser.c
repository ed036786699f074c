/* Finding and reading the files of Ansible. */
#include "parsers/ansible/ansible.h"
#include "parsers/yaml/yaml.h"

extern const as_parser as_parser_ansible;

static bool is_own(as_file_kind kind)
{
    return kind == AS_FILE_ANSIBLE_PLAYBOOK || kind == AS_FILE_ANSIBLE_TASKS ||
           kind == AS_FILE_ANSIBLE_VARS || kind == AS_FILE_ANSIBLE_REQUIREMENTS;
}

/* Names that say nothing by themselves, but do so beside a playbook. */
static bool is_vars_by_name(const as_input *input)
{
    static const char *const names[] = {"vars.yml", "vars.yaml", "secrets.yml", "secrets.yaml",
            "vault.yml", "vault.yaml", "variables.yml", NULL};
    as_str folder = as_path_base(as_path_dir(input->path));
    bool named = as_str_is(folder, "vars") || as_str_is(folder, "defaults");
    for (size_t i = 0; names[i] != NULL; i++) {
        named = named || as_str_is(as_path_base(input->path), names[i]);
    }
    return named && input->kind == AS_FILE_YAML;
}

/* Whether a playbook, or a role's tasks, lie in the folder of `path` or one above it. */
static bool is_near(const as_map *folders, as_str path)
{
    for (as_str dir = as_path_dir(path);; dir = as_path_dir(dir)) {
        if (as_map_has(folders, dir)) {
            return true;
        }
        if (dir.n == 0) {
            return false;
        }
    }
}

static void discover(as_discovery *d)
{
    as_unit *unit = NULL;
    as_map folders = {0};
    for (size_t i = 0; i < d->n_inputs; i++) {
        const as_input *input = &d->inputs[i];
        as_str dir = as_path_dir(input->path);
        if (input->kind == AS_FILE_ANSIBLE_TASKS) {
            as_map_put(d->arena, &folders, as_path_dir(dir), d); /* the role's */
        } else if (input->kind == AS_FILE_ANSIBLE_PLAYBOOK) {
            as_map_put(d->arena, &folders, dir, d);
        }
    }
    for (size_t i = 0; i < d->n_inputs; i++) {
        as_input *input = &d->inputs[i];
        bool wanted = is_own(input->kind);
        if (!wanted && (input->kind == AS_FILE_ANSIBLE_INVENTORY || is_vars_by_name(input))) {
            wanted = folders.n > 0 && is_near(&folders, input->path);
        }
        if (!wanted || input->taken) {
            continue;
        }
        if (unit == NULL) {
            unit = as_discovery_unit(d, AS_STR("ansible"), AS_STR(""), AS_ORIGIN_FILE);
        }
        as_discovery_add(d, &as_parser_ansible, input->path, AS_STR(""), AS_ORIGIN_FILE, unit)
                ->detail = input;
        input->taken = true;
    }
}

static void load_document(as_load *l, as_file_kind kind, const as_value *document)
{
    switch (kind) {
    case AS_FILE_ANSIBLE_PLAYBOOK:
        as_ansible_load_playbook(l, document);
        break;
    case AS_FILE_ANSIBLE_TASKS:
        as_ansible_load_tasks(l, document);
        break;
    case AS_FILE_ANSIBLE_REQUIREMENTS:
        as_ansible_load_requirements(l, document);
        break;
    default:
        as_ansible_load_vars(l, document);
        break;
    }
}

static bool is_yaml(as_str path)
{
    as_str ext = as_path_ext(path);
    return as_str_is(ext, ".yml") || as_str_is(ext, ".yaml");
}

static void load(as_load *l)
{
    const as_input *input = l->target->detail;
    const as_source *source;
    as_fs_error error = as_fs_read(l->fs, l->target->path, &source);
    if (error != AS_FS_OK) {
        as_diags_add_path(l->diags, AS_DIAG_ERROR, "file-read", l->target->path,
                "cannot be read: %s", as_fs_error_text(error));
        return;
    }
    if (as_str_starts(source->text, "$ANSIBLE_VAULT;")) {
        as_ansible_load_vault(l, source);
        l->n_files++;
        return;
    }
    if (input->kind == AS_FILE_ANSIBLE_INVENTORY && !is_yaml(input->path)) {
        as_ansible_load_ini(l, source);
        l->n_files++;
        return;
    }
    if (!is_yaml(input->path) && as_path_ext(input->path).n > 0) {
        return; /* a template or script among group_vars */
    }
    as_yaml_docs docs = {0};
    as_yaml_options options = {.flavour = AS_YAML_CORE, .keep_tags = true};
    l->n_files += as_yaml_parse(l->arena, source, options, l->diags, &docs);
    for (size_t i = 0; i < docs.n; i++) {
        load_document(l, input->kind, docs.items[i].value);
    }
}

const as_parser as_parser_ansible = {"ansible", discover, load};
