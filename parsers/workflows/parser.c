/* Finding workflows, actions and pipelines, and reading them. */
#include "parsers/workflows/workflows.h"
#include "parsers/yaml/yaml.h"

extern const as_parser as_parser_workflows;

/* ".gitlab-ci.yml" is the file that GitLab starts from; others are included, or chosen by a setting
 * of the project, which nobody sees from here. */
static bool is_main(as_str path)
{
    as_str base = as_path_base(path);
    return as_str_is(base, ".gitlab-ci.yml") || as_str_is(base, ".gitlab-ci.yaml");
}

static void add_pipelines(as_discovery *d, bool main_ones, as_unit **unit)
{
    for (size_t i = 0; i < d->n_inputs; i++) {
        as_input *input = &d->inputs[i];
        if (input->kind != AS_FILE_GITLAB_CI || input->taken || is_main(input->path) != main_ones) {
            continue;
        }
        as_str base = main_ones ? as_path_dir(input->path) : AS_STR("");
        const as_gitlab_pipeline *pipeline = as_gitlab_follow(d, base, input->path);
        if (*unit == NULL) {
            *unit = as_discovery_unit(d, AS_STR("pipelines"), AS_STR(""), AS_ORIGIN_WORKFLOW);
        }
        as_discovery_add(
                d, &as_parser_workflows, input->path, AS_STR(""), AS_ORIGIN_WORKFLOW, *unit)
                ->detail = pipeline;
        for (size_t f = 0; f < pipeline->files.n; f++) {
            as_input *part = as_discovery_input(d, pipeline->files.items[f]);
            if (part != NULL && part->kind == AS_FILE_GITLAB_CI) {
                part->taken = true;
            }
        }
    }
}

static void discover(as_discovery *d)
{
    as_unit *unit = NULL;
    for (size_t i = 0; i < d->n_inputs; i++) {
        as_input *input = &d->inputs[i];
        if (input->taken ||
                (input->kind != AS_FILE_GITHUB_WORKFLOW && input->kind != AS_FILE_GITHUB_ACTION)) {
            continue;
        }
        if (unit == NULL) {
            unit = as_discovery_unit(d, AS_STR("workflows"), AS_STR(""), AS_ORIGIN_WORKFLOW);
        }
        as_discovery_add(
                d, &as_parser_workflows, input->path, AS_STR(""), AS_ORIGIN_WORKFLOW, unit);
        input->taken = true;
    }
    unit = NULL;
    add_pipelines(d, true, &unit);
    add_pipelines(d, false, &unit);
}

static void load(as_load *l)
{
    const as_source *source;
    if (l->target->detail != NULL) {
        l->n_files += as_gitlab_load(l, l->target->detail);
        return;
    }
    as_fs_error error = as_fs_read(l->fs, l->target->path, &source);
    if (error != AS_FS_OK) {
        as_diags_add_path(l->diags, AS_DIAG_ERROR, "file-read", l->target->path,
                "cannot be read: %s", as_fs_error_text(error));
        return;
    }
    const as_value *document = as_yaml_parse_one(
            l->arena, source, (as_yaml_options){.flavour = AS_YAML_CORE}, l->diags);
    if (document == NULL) {
        return;
    }
    bool is_action = as_str_starts(as_path_base(l->target->path), "action.y") &&
                     as_value_get(document, AS_STR("runs")) != NULL;
    l->n_files += is_action ? as_github_action_load(l, source, document)
                            : as_github_workflow_load(l, source, document);
}

const as_parser as_parser_workflows = {"workflows", discover, load};
