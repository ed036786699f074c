/* What Argo CD deploys from the scanned repository, rendered as Argo CD renders it. Looks at the
 * files before charts and kustomizations are looked for: what an Application deploys is scanned
 * with the Application's values and options, not with its defaults. */
#include "parsers/argocd/argocd.h"
#include "engine/base/witness.h"
#include "engine/git/git.h"
#include "parsers/helm/parser.h"
#include "parsers/kustomize/parser.h"
#include "parsers/yaml/yaml.h"

extern const as_parser as_parser_argocd;

static void add_request(as_discovery *d, const as_argocd_request *request)
{
    if (request->kind == AS_ARGOCD_DIRECTORY) {
        return; /* manifests are found by themselves */
    }
    bool is_chart = request->kind == AS_ARGOCD_HELM;
    as_str variant = as_str_join(d->arena, AS_STR("application "), request->application), chart;
    as_target *target = as_discovery_add(d, &as_parser_argocd, request->path, variant,
            is_chart ? AS_ORIGIN_HELM : AS_ORIGIN_KUSTOMIZE, NULL);
    target->detail = request;
    /* That a kustomization is deployed its own parser sees from the targets. */
    if (is_chart && as_path_join(d->arena, request->path, AS_STR("Chart.yaml"), &chart)) {
        as_input *input = as_discovery_input(d, chart);
        if (input) {
            input->taken = true;
        }
    }
}

/* The addresses of the scanned repository: those that the configuration names, and its remotes'. */
static as_strs addresses_of(const as_discovery *d)
{
    const as_parse_options *o = d->options;
    as_str problem;
    as_witness_spoil(
            as_sources_witness(as_fs_sources(d->fs))); /* it does not see what libgit2 reads */
    as_git *git = o && o->repository.n > 0
                          ? as_git_open(d->arena, as_str_cstr(d->arena, o->repository), &problem)
                          : NULL;
    as_strs remotes = git ? as_git_remotes(d->arena, git) : (as_strs){0};
    size_t n_given = o ? o->addresses.n : 0;
    as_str *all = AS_NEW_ARRAY(d->arena, as_str, n_given + remotes.n);

    for (size_t i = 0; i < n_given; i++)
        all[i] = o->addresses.items[i];
    for (size_t i = 0; i < remotes.n; i++)
        all[n_given + i] = remotes.items[i];
    return (as_strs){all, n_given + remotes.n};
}

static void add_file(as_discovery *d, const as_source *source, as_strs addresses)
{
    as_argocd_requests *requests = AS_NEW(d->arena, as_argocd_requests);
    as_argocd_context context = {.fs = d->fs,
            .dir = as_path_dir(source->path),
            .repos = addresses.items,
            .n_repos = addresses.n};
    as_yaml_docs docs = {0};
    as_diags unused; /* the manifest itself is parsed, and complained about, elsewhere */
    as_diags_init(&unused, d->arena);
    (void)as_yaml_parse(d->arena, source, (as_yaml_options){0}, &unused, &docs);
    for (size_t i = 0; i < docs.n; i++) {
        as_argocd_follow(d->arena, &context, docs.items[i].value, requests, d->diags);
    }
    for (size_t i = 0; i < requests->n; i++) {
        add_request(d, &requests->items[i]);
    }
}

static void discover(as_discovery *d)
{
    as_strs addresses = {0};
    bool asked = false; /* most scans have no Application, and need no git */

    for (size_t i = 0; i < d->n_inputs; i++) {
        const as_source *source;
        if (d->inputs[i].kind == AS_FILE_KUBERNETES &&
                as_fs_read(d->fs, d->inputs[i].path, &source) == AS_FS_OK &&
                as_str_contains(source->text, "argoproj.io/") &&
                as_str_contains(source->text, "kind: Application")) {
            addresses = asked ? addresses : addresses_of(d);
            asked = true;
            add_file(d, source, addresses);
        }
    }
}

static void load(as_load *l)
{
    const as_argocd_request *request = l->target->detail;
    if (request->kind == AS_ARGOCD_HELM) {
        as_helm_load(l, request->path, &request->helm);
        return;
    }
    as_kustomize_load(l, request->path, request->kustomize,
            request->namespace_.n > 0 ? request->namespace_ : AS_STR("default"));
}

const as_parser as_parser_argocd = {"argocd", discover, load};
