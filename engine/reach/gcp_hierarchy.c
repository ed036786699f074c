/* Google Cloud, "Resource hierarchy". Code names a parent by a resource that is declared, or by its
 * number; the number of a folder that is declared is known once it is made, from a state. */
#include "engine/reach/gcp_hierarchy.h"

#define PROJECT "gcp.project"
#define FOLDER "gcp.folder"
#define ORGANIZATION "gcp.organization"

/* A folder or organisation. */
typedef struct place {
    const as_entity *entity; /* that declares it; NULL: it is named only */
    as_str name;             /* "folders/12", "organizations/1"; empty: not known */
    as_str key;              /* what stands for a name that is not known */
} place;

static as_str named(as_cloud_reader *r, as_str text, const char *kind)
{
    size_t slash = as_str_rfind_char(text, '/');
    as_str number = slash == (size_t)-1 ? text : as_str_from_index(text, slash + 1);
    bool organization =
            as_str_contains(text, "organizations/") || as_str_is(as_str_from(kind), ORGANIZATION);
    bool folder = as_str_contains(text, "folders/");
    return number.n == 0 ? AS_STR("")
                         : as_str_fmt(r->arena, "%s/%.*s",
                                   organization && !folder ? "organizations" : "folders",
                                   AS_STR_ARG(number));
}

static place place_of_entity(as_cloud_reader *r, const as_entity *e)
{
    const char *const names[] = {"name", "folder_id", "org_id", "id"};
    place p = {.entity = e};
    for (size_t i = 0; i < 4 && p.name.n == 0; i++) {
        as_str text = as_value_str(as_value_get(e->raw, as_str_from(names[i])));
        p.name = text.n == 0 ? AS_STR("") : named(r, text, as_str_cstr(r->arena, e->kind));
    }
    return p;
}

/* `kind` is what a bare number is the number of. */
static place place_of(
        as_cloud_reader *r, const as_entity *from, const as_value *v, const char *kind)
{
    const as_entity *e = as_cloud_target(r, from, v, FOLDER);
    e = e == NULL ? as_cloud_target(r, from, v, ORGANIZATION) : e;
    if (e != NULL) {
        return place_of_entity(r, e);
    }
    if (as_value_is(v, AS_OBJECT)) { /* {type, id}: the first version of the API */
        bool folder = as_str_is(as_value_str(as_value_get(v, AS_STR("type"))), "folder");
        as_str id = as_value_str(as_value_get(v, AS_STR("id")));
        return (place){.name = named(r, id, folder ? FOLDER : ORGANIZATION)};
    }
    if (as_value_is(v, AS_STRING))
        return (place){.name = named(r, v->as.str, kind)};
    return (place){.key = as_cloud_key(v)};
}

/* Whether it is a folder, an organisation, or neither is told. */
static int sort_of(const place *p)
{
    bool organization = as_str_starts(p->name, "organizations/") ||
                        (p->entity != NULL && as_str_is(p->entity->kind, ORGANIZATION));
    return organization ? 2 : p->entity != NULL || p->name.n > 0;
}

static as_truth is_same(const place *a, const place *b)
{
    if ((a->entity != NULL && a->entity == b->entity) ||
            (a->name.n > 0 && as_str_eq(a->name, b->name)) ||
            (a->key.n > 0 && as_str_eq(a->key, b->key))) {
        return AS_YES;
    }
    bool both_declared = a->entity != NULL && b->entity != NULL;
    bool both_named = a->name.n > 0 && b->name.n > 0;
    bool differ = sort_of(a) > 0 && sort_of(b) > 0 && sort_of(a) != sort_of(b);
    return both_declared || both_named || differ ? AS_NO : AS_MAYBE;
}

/* The folder of that number among what is declared or was answered. */
static const as_entity *declared_at(as_cloud_reader *r, const as_unit *unit, const place *p)
{
    size_t count;
    const as_entity *const *all = as_graph_of_kind(r->graph, AS_STR(FOLDER), &count);
    for (size_t i = 0; p->name.n > 0 && i < count; i++) {
        place own = place_of_entity(r, all[i]);
        if ((all[i]->unit == unit || as_cloud_is_live(all[i])) && as_str_eq(own.name, p->name)) {
            return all[i];
        }
    }
    return NULL;
}

/* What is above a project or folder; false: it is not told. */
static bool parent_of(as_cloud_reader *r, const as_entity *e, place *out)
{
    const as_value *folder = as_cloud_get(r, e, "folder_id", NULL);
    const as_value *organization = as_cloud_get(r, e, "org_id", NULL);
    const as_value *parent = as_cloud_get(r, e, "parent", "parent");
    bool project = as_str_is(e->kind, PROJECT);
    if (project && !as_value_is_null(folder) && !as_cloud_is_live(e)) {
        *out = place_of(r, e, folder, FOLDER);
    } else if (project && !as_value_is_null(organization) && !as_cloud_is_live(e)) {
        *out = place_of(r, e, organization, ORGANIZATION);
    } else if (!as_value_is_null(parent)) {
        *out = place_of(r, e, parent, FOLDER);
    } else {
        return false;
    }
    return true;
}

/* "…/compute/v1/projects/shop/global/networks/main" → "shop" */
static as_str project_in(as_str link)
{
    static const as_str mark = AS_STR_INIT("/projects/");
    size_t at = as_str_find(link, mark);
    as_str rest = at == (size_t)-1 ? AS_STR("") : as_str_from_index(link, at + mark.n);
    return as_str_slice(rest, 0, as_str_find_char(rest, '/'));
}

static const as_entity *project_of(as_gcp_network *n, const as_gcp_vpc *vpc)
{
    if (vpc->entity == NULL) {
        return NULL;
    }
    const as_value *v = as_cloud_get(&n->r, vpc->entity, "project", NULL);
    const as_entity *project = as_cloud_target(&n->r, vpc->entity, v, PROJECT);
    as_str id = as_value_is_null(v) ? vpc->entity->account : as_value_str(v);
    as_str link = project_in(as_value_str(as_cloud_get(&n->r, vpc->entity, NULL, "selfLink")));
    id = link.n > 0 ? link : id;
    size_t count;
    const as_entity *const *all = as_graph_of_kind(n->r.graph, AS_STR(PROJECT), &count);
    for (size_t i = 0; project == NULL && id.n > 0 && i < count; i++) {
        as_str its = as_value_str(as_cloud_get(&n->r, all[i], "project_id", "projectId"));
        bool near = all[i]->unit == vpc->unit || as_cloud_is_live(all[i]);
        project = near && as_str_eq(its, id) ? all[i] : NULL;
    }
    return project;
}

as_gcp_below as_gcp_lies_below(
        as_gcp_network *n, const as_gcp_vpc *vpc, const as_entity *from, const as_value *target)
{
    place wanted = place_of(&n->r, from, target, FOLDER), at = {0};
    const as_entity *e = project_of(n, vpc);
    as_gcp_below out = {AS_NO, AS_GCP_MAX_ANCESTORS};
    for (int height = 1; height < AS_GCP_MAX_ANCESTORS; height++) {
        if (e == NULL || !parent_of(&n->r, e, &at)) {
            return (as_gcp_below){AS_MAYBE, AS_GCP_MAX_ANCESTORS};
        }
        as_truth same = is_same(&at, &wanted);
        if (same == AS_YES) {
            return (as_gcp_below){AS_YES, height};
        }
        out.truth = as_truth_or(out.truth, same);
        if (sort_of(&at) == 2) {
            return out;
        }
        e = at.entity != NULL ? at.entity : declared_at(&n->r, vpc->unit, &at);
    }
    return (as_gcp_below){AS_MAYBE, AS_GCP_MAX_ANCESTORS};
}
