/* GKE: Google Cloud, "About Workload Identity Federation for GKE", "IAM and Kubernetes RBAC", "Use
 * the nodes' service account". */
#include "engine/gcpiam/names.h"
#include "engine/iam/names.h"
#include "engine/schema/schema.h"
#include "engine/ways/joins.h"

static bool is_annotated(as_joining *j, const as_rbac_subject *s)
{
    const as_value *notes =
            as_place_walk(j->arena, s->entity->raw, AS_STR("metadata.annotations")).value;
    return !as_value_is_null(as_value_get(notes, AS_STR("iam.gke.io/gcp-service-account")));
}

static void join_member(
        as_joining *j, uint32_t member, const as_gcp_world *world, as_str space, as_str name)
{
    as_str shown =
            as_str_fmt(j->arena, "ServiceAccount/%.*s/%.*s", AS_STR_ARG(space), AS_STR_ARG(name));
    for (size_t c = 0; c < j->worlds->clusters->list.n; c++) {
        const as_rbac_cluster *cluster = j->worlds->clusters->list.items[c];
        const as_rbac_subject *s = as_rbac_subject_called(cluster, shown);
        if (s == NULL || s->system) {
            continue;
        }
        bool certain = cluster->unit == world->unit || (s->entity != NULL && is_annotated(j, s));
        as_ways_join(j->ways,
                &(as_way_edge){.from = j->clusters[c].subjects[s->index],
                        .to = member,
                        .certain = certain,
                        .caveat = certain ? AS_STR("") : AS_STR("the cluster is of that pool")});
    }
}

/* Users of Google Cloud are users of the cluster by their e-mail address. */
static void join_user(as_joining *j, uint32_t member, const as_gcp_world *world, as_str email)
{
    int c = as_ways_cluster_of(j, world->unit);
    const as_rbac_subject *s = c < 0 ? NULL
                                     : as_rbac_subject_called(j->worlds->clusters->list.items[c],
                                               as_str_join(j->arena, AS_STR("User/"), email));
    if (s != NULL) {
        as_ways_join(j->ways, &(as_way_edge){.from = member,
                                      .to = j->clusters[c].subjects[s->index],
                                      .caveat = AS_STR("the cluster is one of GKE")});
    }
}

static void join_members(as_joining *j, size_t w)
{
    const as_gcp_world *world = j->worlds->clouds->list.items[w];
    for (size_t i = 0; i < world->members.n; i++) {
        const as_gcp_member *m = world->members.items[i];
        as_str space, name, email = m->text, kind;
        if (as_gcp_reads_account(m->text, &space, &name)) {
            join_member(j, j->clouds[w].members[i], world, space, name);
        } else if (as_str_split(&email, ':', &kind) &&
                   (as_str_is(kind, "user") || as_str_is(kind, "serviceAccount"))) {
            join_user(j, j->clouds[w].members[i], world, email);
        }
    }
}

/* What permissions on a project's clusters give in the cluster of the unit; nodes run as an
 * account. */
static void join_clusters(as_joining *j, size_t w)
{
    const as_gcp_world *world = j->worlds->clouds->list.items[w];
    int c = as_ways_cluster_of(j, world->unit);
    for (size_t i = 0; c >= 0 && i < world->running.n; i++) {
        const as_gcp_running *r = &world->running.items[i];
        bool cluster = as_str_is(r->entity->type, "google_container_cluster");
        if (!cluster && !as_str_is(r->entity->type, "google_container_node_pool")) {
            continue;
        }
        as_ways_join(j->ways, &(as_way_edge){.from = j->clusters[c].node,
                                      .to = j->clouds[w].members[r->account->index],
                                      .caveat = as_str_fmt(j->arena, "the node is of %.*s",
                                              AS_STR_ARG(r->entity->address))});
    }
    size_t n, n_own = 0;
    const as_entity *const *found =
            as_graph_of_type(j->worlds->graph, AS_STR("google_container_cluster"), &n);
    for (size_t i = 0; i < n; i++) {
        n_own += found[i]->unit == world->unit;
    }
    for (size_t i = 0; c >= 0 && n_own > 0 && i < world->resources.n; i++) {
        if (j->clouds[w].clusters[i] == 0) {
            continue;
        }
        bool certain = n_own == 1;
        as_way_edge e = {.from = j->clouds[w].clusters[i],
                .to = j->clusters[c].admin,
                .certain = certain,
                .caveat = certain ? AS_STR("") : AS_STR("the objects are those of its cluster")};
        if (world->resources.items[i]->level == AS_GCP_PROJECT) {
            as_ways_join(j->ways, &e);
            e.from = j->clouds[w].pods[i];
            e.to = j->clusters[c].any_account;
            as_ways_join(j->ways, &e);
        }
    }
}

void as_ways_join_gcp(as_joining *j)
{
    for (size_t w = 0; w < j->worlds->clouds->list.n; w++) {
        join_members(j, w);
        join_clusters(j, w);
    }
}
