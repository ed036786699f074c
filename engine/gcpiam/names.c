#include "engine/gcpiam/names.h"

#include "engine/base/buf.h"
#include "engine/iam/pattern.h"

enum { MAX_DEPTH = 8 };

as_str as_gcp_last_part(as_str text)
{
    size_t slash = as_str_rfind_char(text, '/');
    return slash == (size_t)-1 ? text : as_str_from_index(text, slash + 1);
}

/* A mark for what only has a reason: the same variable is the same everywhere. */
static as_str mark(as_gcp_names *names, as_str what)
{
    return as_str_fmt(names->arena, AS_IAM_MARK "%.*s" AS_IAM_MARK, AS_STR_ARG(what));
}

as_str as_gcp_text(as_gcp_names *names, const as_value *v)
{
    as_str text = as_iam_text(names->arena, v, &names->resolver);
    if (!as_str_is(text, AS_HOLE)) {
        return text;
    }
    const as_ref *ref = as_value_refs(v);
    if (ref != NULL && ref->next == NULL) {
        return mark(names, as_str_fmt(names->arena, "%.*s.%.*s", AS_STR_ARG(ref->address),
                                   AS_STR_ARG(ref->path)));
    }
    as_str reason = as_value_reason(v);
    return reason.n > 0 && ref == NULL ? mark(names, reason) : text;
}

as_str as_gcp_project_of(as_gcp_names *names, const as_entity *entity)
{
    const as_value *own = as_value_get(entity->raw, AS_STR("project"));
    if (!as_value_is_null(own)) {
        return as_gcp_last_part(as_gcp_text(names, own));
    }
    if (entity->account.n > 0) {
        return entity->account;
    }
    /* The project of the provider: of each configuration of it one. */
    return mark(names, as_str_fmt(names->arena, "project of %.*s", AS_STR_ARG(entity->provider)));
}

as_str as_gcp_email_of(as_gcp_names *names, const as_entity *account)
{
    as_str email = as_value_str(as_value_get(account->raw, AS_STR("email")));
    if (email.n > 0) {
        return email;
    }
    as_str id = as_gcp_text(names, as_value_get(account->raw, AS_STR("account_id")));
    as_str project = as_gcp_project_of(names, account);
    if (as_str_is(account->kind, "gcp.iam.default_service_account")) {
        return as_str_fmt(
                names->arena, "%.*s@%.*s.default", AS_STR_ARG(account->type), AS_STR_ARG(project));
    }
    return as_str_fmt(names->arena, "%.*s@%.*s.iam.gserviceaccount.com",
            AS_STR_ARG(id.n > 0 ? id : mark(names, account->address)), AS_STR_ARG(project));
}

/* The text of an attribute of another resource, where it can be told. */
static as_str attribute(as_gcp_names *names, const as_entity *e, as_str path)
{
    bool account = as_str_starts(e->kind, "gcp.iam.") && as_str_ends(e->kind, "service_account");
    if (account && as_str_is(path, "email")) {
        return as_gcp_email_of(names, e);
    }
    if (account && as_str_is(path, "member")) {
        return as_str_join(names->arena, AS_STR("serviceAccount:"), as_gcp_email_of(names, e));
    }
    if (account && (as_str_is(path, "name") || as_str_is(path, "id"))) {
        as_str email = as_gcp_email_of(names, e), project = as_gcp_project_of(names, e);
        return as_str_fmt(names->arena, "projects/%.*s/serviceAccounts/%.*s", AS_STR_ARG(project),
                AS_STR_ARG(email));
    }
    const as_value *v = as_value_get(e->raw, path);
    if (v != NULL && v->kind == AS_STRING) {
        return v->as.str;
    }
    bool project = as_str_is(e->kind, "gcp.project");
    if (project && (as_str_is(path, "id") || as_str_is(path, "project_id"))) {
        v = as_value_get(e->raw, AS_STR("project_id"));
        as_str id = v == NULL ? AS_STR("") : as_iam_text(names->arena, v, &names->resolver);
        return as_str_is(path, "id") && id.n > 0
                       ? as_str_join(names->arena, AS_STR("projects/"), id)
                       : id;
    }
    return AS_STR("");
}

static as_str refer(const void *self, as_arena *arena, const as_ref *ref)
{
    union {
        const void *in;
        as_gcp_names *out;
    } mine = {.in = self}; /* only the depth changes */
    as_gcp_names *names = mine.out;
    size_t n;
    const as_entity *const *found =
            as_graph_by_address(names->graph, arena, names->unit, ref->address, &n);
    if (n != 1 || names->depth >= MAX_DEPTH) {
        return AS_STR("");
    }
    names->depth++;
    as_str text = attribute(names, found[0], ref->path);
    names->depth--;
    return as_str_is(text, AS_HOLE) ? AS_STR("") : text;
}

void as_gcp_names_init(
        as_gcp_names *names, as_arena *arena, const as_graph *graph, const as_unit *unit)
{
    *names = (as_gcp_names){arena, graph, unit, 0, {refer, names}};
}

bool as_gcp_reads_account(as_str text, as_str *space, as_str *name)
{
    size_t open = as_str_find(text, AS_STR(".svc.id.goog[")), skip = 13;
    if (open != (size_t)-1 && as_str_starts(text, "serviceAccount:") && as_str_ends(text, "]")) {
        *name = as_str_slice(text, open + skip, text.n - 1);
        return as_str_split(name, '/', space);
    }
    open = as_str_find(text, AS_STR(".svc.id.goog/subject/ns/"));
    if (open == (size_t)-1 || !as_str_starts(text, "principal://")) {
        return false;
    }
    *name = as_str_from_index(text, open + 24);
    return as_str_split(name, '/', space) && as_str_starts(*name, "sa/") &&
           (*name = as_str_from_index(*name, 3)).n > 0;
}
