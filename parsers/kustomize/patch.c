/* Patches: strategic merges and RFC 6902 operations, inline or from files. */
#include "parsers/kustomize/build.h"
#include "parsers/kustomize/merge.h"

/* --- strategic merges --------------------------------------------------------------------------
 */

/* Merges into one resource; its name, namespace and kind stay unless the patch may change them. */
static bool merge_into(as_kust *k, as_res *r, const as_res *patch)
{
    as_merge m = {k->arena, k->schema, k->diags, patch->node->span};
    as_ktree *copy = as_ktree_copy(k->arena, patch->node), *metadata;
    as_str name = as_res_name(r), namespace = as_res_namespace(r), kind = as_res_kind(r);

    if (patch->allow_name_change || patch->allow_kind_change)
        as_res_store_previous(k, r);
    if (!as_merge_apply(&m, r->node, copy, &r->node))
        return false;
    if (!r->node || as_ktree_is_empty(r->node)) {
        r->node = NULL;
        return true;
    }
    if (!patch->allow_kind_change)
        as_ktree_set(k->arena, r->node, AS_STR("kind"), r->span,
                as_ktree_string(k->arena, r->span, kind));
    metadata = as_ktree_child_map(k->arena, r->node, "metadata", r->span);
    if (!patch->allow_name_change)
        as_ktree_set(k->arena, metadata, AS_STR("name"), r->span,
                as_ktree_string(k->arena, r->span, name));
    as_ktree_set(k->arena, metadata, AS_STR("namespace"), r->span,
            namespace.n ? as_ktree_string(k->arena, r->span, namespace) : NULL);
    return true;
}

/* Labels or annotations without an entry, null among them, say nothing in a patch that selects. */
static void drop_empty_maps(as_res *patch)
{
    static const as_str names[] = {AS_STR_INIT("labels"), AS_STR_INIT("annotations")};
    as_ktree *metadata = as_ktree_get(patch->node, AS_STR("metadata"));

    for (size_t i = 0; i < 2; i++)
        if (as_ktree_get(metadata, names[i]) && as_ktree_is_empty(as_ktree_get(metadata, names[i])))
            as_ktree_remove(metadata, names[i]);
}

/* A patch that selects its targets has their group, version and (else) kind. */
static bool merge_into_selected(as_kust *k, const as_res_list *selected, const as_res *patch)
{
    for (size_t i = 0; i < selected->list.n; i++) {
        as_res copy = *patch;
        as_res *r = selected->list.items[i];
        copy.node = as_ktree_copy(k->arena, patch->node);
        drop_empty_maps(&copy);
        const as_ktree *version = as_ktree_get(r->node, AS_STR("apiVersion"));
        as_ktree_set(k->arena, copy.node, AS_STR("apiVersion"), r->span,
                version ? as_ktree_copy(k->arena, version) : NULL);
        if (!merge_into(k, r, &copy))
            return false;
    }
    return true;
}

static bool check_unique(as_kust *k, as_res_list *rs, as_span span)
{
    as_res_census census;

    as_res_drop_deleted(rs);
    as_res_census_take(&census, k, rs);
    for (size_t i = 0; i < rs->list.n; i++) {
        as_res_id id = as_res_current(rs->list.items[i]);
        if (as_res_census_add(&census, id, 0) > 1)
            return as_kust_fail(k, "kustomize-duplicate", span,
                    "may not add resource with an already registered id: %.*s",
                    AS_STR_ARG(as_res_id_text(k->arena, id)));
    }
    return true;
}

static bool select_targets(
        as_kust *k, const as_res_list *rs, const as_value *target, as_res_list *selected)
{
    if (!as_res_select(k, rs, target, selected))
        return false;
    if (selected->list.n == 0 && k->options.unmatched != NULL)
        k->options.unmatched(k->options.unmatched_self, target->span);
    return true;
}

static bool strategic(as_kust *k, const as_res_list *patches, const as_value *target, as_span span,
        as_res_list *rs)
{
    as_res_list selected = {.list = {0}};

    if (target && patches->list.n > 1)
        return as_kust_fail(k, "kustomize-patch", span,
                "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set "
                "`patches.target` field");
    if (target)
        return select_targets(k, rs, target, &selected) &&
               merge_into_selected(k, &selected, patches->list.items[0]) &&
               check_unique(k, rs, span);
    for (size_t i = 0; i < patches->list.n; i++) {
        const as_res *patch = patches->list.items[i];
        as_res *r = as_res_find(k, rs, as_res_original(patch), patch->span);
        if (!r || !merge_into(k, r, patch))
            return false;
    }
    as_res_drop_deleted(rs);
    return true;
}

/* --- operations --------------------------------------------------------------------------------
 */

static const as_value *parse_operations(as_kust *k, const as_source *source)
{
    as_diags *diags = k->diags, scratch;
    const as_value *v;

    as_diags_init(&scratch, k->arena);
    k->diags = &scratch;
    v = as_kust_parse(k, source);
    k->diags = diags;
    if (!as_value_is(v, AS_LIST))
        return NULL;
    for (size_t i = 0; i < v->as.list.n; i++)
        if (!as_value_is(v->as.list.items[i], AS_OBJECT))
            return NULL;
    return v;
}

/* kustomize keeps notes in annotations of its own while it builds: so a patch finds
 * metadata.annotations there, and cannot lose it. */
static bool patch_operations(as_kust *k, as_res *r, const as_value *operations)
{
    as_ktree *metadata;

    if (r->has_notes) {
        metadata = as_ktree_child_map(k->arena, r->node, "metadata", r->span);
        as_ktree_child_map(k->arena, metadata, "annotations", r->span);
    }
    return as_json_patch_apply(k, operations, &r->node);
}

static bool operations_on(as_kust *k, const as_value *operations, const as_value *target,
        bool stores_id, as_res_list *rs)
{
    as_res_list selected = {.list = {0}};

    if (!select_targets(k, rs, target, &selected))
        return false;
    for (size_t i = 0; i < selected.list.n; i++) {
        if (stores_id)
            as_res_store_previous(k, selected.list.items[i]);
        if (!patch_operations(k, selected.list.items[i], operations))
            return false;
    }
    return true;
}

/* --- entries of the kustomization --------------------------------------------------------------
 */

/* The text of the entry: inline, or the file's. */
static bool patch_source(as_kust *k, const as_kust_target *t, const as_value *args,
        const char *field, const as_source **out)
{
    const as_value *inline_text = as_value_get(args, as_str_from(field));
    const as_value *path = as_value_get(args, AS_STR("path"));
    as_str text = as_str_trim(as_value_str(inline_text));

    if (!text.n && !as_value_str(path).n)
        return as_kust_fail(
                k, "kustomize-patch", args->span, "must specify one of %s and path", field);
    if (text.n && as_value_str(path).n)
        return as_kust_fail(k, "kustomize-patch", args->span,
                "%s and path can't be set at the same time", field);
    if (!text.n)
        return as_kust_read(k, t, as_value_str(path), path->span, out);
    *out = as_kust_text(k,
            as_str_fmt(k->arena, "%.*s (inline patch)",
                    AS_STR_ARG(as_sources_get(k->sources, args->span.file)
                                       ? as_sources_get(k->sources, args->span.file)->path
                                       : AS_STR("kustomization"))),
            text);
    return *out != NULL;
}

static void set_permissions(const as_value *args, as_res_list *patches)
{
    const as_value *options = as_value_get(args, AS_STR("options"));

    for (size_t i = 0; i < patches->list.n; i++) {
        as_res *p = patches->list.items[i];
        p->allow_name_change =
                as_value_bool_or(as_value_get(options, AS_STR("allowNameChange")), false);
        p->allow_kind_change =
                as_value_bool_or(as_value_get(options, AS_STR("allowKindChange")), false);
    }
}

bool as_transform_patch(as_kust *k, const as_kust_target *t, const as_value *args, as_res_list *rs)
{
    const as_value *target = as_value_get(args, AS_STR("target")), *operations;
    as_res_list patches = {.list = {0}};
    const as_source *source = NULL;

    if (!patch_source(k, t, args, "patch", &source))
        return false;
    operations = parse_operations(k, source);
    if (operations && !target)
        return as_kust_fail(
                k, "kustomize-patch", args->span, "must specify a target for JSON patch");
    if (operations)
        return operations_on(k, operations, target, true, rs);
    if (!as_res_parse(k, source, false, &patches))
        return as_kust_fail(k, "kustomize-patch", args->span, "unable to parse SM or JSON patch");
    if (!patches.list.n) /* comments alone: nothing to do */
        return !target || as_kust_fail(k, "kustomize-patch", args->span, "the patch is empty");
    set_permissions(args, &patches);
    return strategic(k, &patches, target, args->span, rs);
}

bool as_transform_patch_strategic(
        as_kust *k, const as_kust_target *t, const as_value *paths, as_str text, as_res_list *rs)
{
    as_res_list patches = {.list = {0}};
    const as_source *source = NULL;

    for (size_t i = 0; i < as_value_count(paths); i++) {
        const as_value *path = as_value_index(paths, i);
        size_t before = patches.list.n;
        /* The path may be the patch itself. */
        source = as_kust_text(k, AS_STR("inline patch"), as_value_str(path));
        if (source && as_res_parse(k, source, true, &patches) && patches.list.n > before)
            continue;
        patches.list.n = before;
        if (!as_kust_read(k, t, as_value_str(path), path->span, &source) ||
                !as_res_parse(k, source, false, &patches))
            return false;
    }
    if (text.n) {
        source = as_kust_text(k, AS_STR("inline patch"), text);
        if (!source || !as_res_parse(k, source, false, &patches))
            return false;
    }
    if (!patches.list.n)
        return as_kust_fail(k, "kustomize-patch", paths ? paths->span : AS_SPAN_NONE,
                "patch appears to be empty");
    for (size_t i = 0; i < patches.list.n; i++) {
        as_res_list one = {.list = {0}};
        as_res *r = as_res_find(
                k, rs, as_res_original(patches.list.items[i]), patches.list.items[i]->span);
        if (!r)
            return false;
        AS_VEC_PUSH(k->arena, &one.list, r);
        if (!merge_into_selected(k, &one, patches.list.items[i]) ||
                !check_unique(k, rs, patches.list.items[i]->span))
            return false;
    }
    return true;
}

bool as_transform_patch_json(
        as_kust *k, const as_kust_target *t, const as_value *args, as_res_list *rs)
{
    const as_value *target = as_value_get(args, AS_STR("target")), *operations;
    const char *field = as_value_get(args, AS_STR("jsonOp")) ? "jsonOp" : "patch";
    const as_source *source = NULL;

    if (!as_value_str(as_value_get(target, AS_STR("name"))).n)
        return as_kust_fail(k, "kustomize-patch", args->span, "must specify the target name");
    if (!patch_source(k, t, args, field, &source))
        return false;
    operations = parse_operations(k, source);
    if (!operations)
        return as_kust_fail(k, "kustomize-patch", args->span, "the patch is no list of operations");
    if (!operations->as.list.n)
        return as_kust_fail(k, "kustomize-patch", args->span, "patch appears to be empty");
    return operations_on(k, operations, target, false, rs);
}
