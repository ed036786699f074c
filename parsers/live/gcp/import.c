/* What people have already: exports of Cloud Asset Inventory (`gcloud asset export`, lines or a
 * list of assets), and what `gcloud … list --format json` prints (of buckets with --raw or
 * without). */
#include <ctype.h>

#include "parsers/json/json.h"
#include "parsers/live/gcp/resources.h"

extern const as_parser as_parser_gcp;

static as_str text_at(const as_value *v, const char *key)
{
    return as_value_str(as_value_get(v, as_str_from(key)));
}

/* --- what gcloud's lists hold --------------------------------------------------------------------
 */

/* By the collection in a name: "projects/p/topics/t". */
static const struct {
    const char *collection, *type;
} collections[] = {
        {"topics", "pubsub.googleapis.com/Topic"},
        {"secrets", "secretmanager.googleapis.com/Secret"},
        {"cryptoKeys", "cloudkms.googleapis.com/CryptoKey"},
        {"keyRings", "cloudkms.googleapis.com/KeyRing"},
        {"serviceAccounts", "iam.googleapis.com/ServiceAccount"},
        {"keys", "iam.googleapis.com/ServiceAccountKey"},
        {"functions", "cloudfunctions.googleapis.com/Function"},
        {"repositories", "artifactregistry.googleapis.com/Repository"},
        {"clusters", "container.googleapis.com/Cluster"},
        {"nodePools", "container.googleapis.com/NodePool"},
        {"alertPolicies", "monitoring.googleapis.com/AlertPolicy"},
        {"notificationChannels", "monitoring.googleapis.com/NotificationChannel"},
        {"backupPlans", "gkebackup.googleapis.com/BackupPlan"},
};

/* "topics" of "projects/p/topics/t" */
static as_str collection_of(as_str name)
{
    size_t last = as_str_rfind_char(name, '/');
    as_str rest = as_str_slice(name, 0, last == (size_t)-1 ? 0 : last);
    size_t before = as_str_rfind_char(rest, '/');

    return before == (size_t)-1 ? rest : as_str_from_index(rest, before + 1);
}

/* "compute.googleapis.com/Firewall" of the kind "compute#firewall" */
static as_str type_of_kind(as_arena *arena, as_str kind)
{
    size_t hash = as_str_find_char(kind, '#');
    as_str service = as_str_slice(kind, 0, hash == (size_t)-1 ? 0 : hash);
    as_str rest = hash == (size_t)-1 ? AS_STR("") : as_str_from_index(kind, hash + 1);

    if (rest.n == 0)
        return AS_STR("");
    if (as_str_is(service, "sql"))
        service = AS_STR("sqladmin");
    return as_str_fmt(arena, "%.*s.googleapis.com/%c%.*s", AS_STR_ARG(service),
            toupper((unsigned char)rest.p[0]), AS_STR_ARG(as_str_from_index(rest, 1)));
}

static as_str type_of(as_arena *arena, const as_value *item)
{
    as_str type = type_of_kind(arena, text_at(item, "kind"));
    as_str link = text_at(item, "selfLink"), name = text_at(item, "name");

    if (type.n > 0)
        return type;
    as_str collection = collection_of(as_str_starts(name, "projects/") ? name : link);
    for (size_t i = 0; i < sizeof collections / sizeof *collections; i++)
        if (as_str_is(collection, collections[i].collection))
            return as_str_from(collections[i].type);
    return text_at(item, "projectId").n > 0 && text_at(item, "lifecycleState").n > 0
                   ? AS_STR("cloudresourcemanager.googleapis.com/Project")
                   : AS_STR("");
}

/* --- buckets in gcloud's own words ---------------------------------------------------------------
 */

static void add(as_object_builder *b, const char *key, const as_value *v)
{
    if (v)
        as_object_add(b, as_str_from(key), v->span, v);
}

static const as_value *in(as_arena *arena, const char *key, const as_value *v)
{
    as_object_builder b;

    if (!v)
        return NULL;
    as_object_begin(&b, arena);
    add(&b, key, v);
    return as_object_end(&b, v->span);
}

/* `gcloud storage buckets list` without --raw, as the service answers it. What is off is left out
 * there. */
static const as_value *bucket_of(as_arena *arena, const as_value *item)
{
    static const char *const same[] = {"name", "location", "labels", "autoclass"};
    static const char *const renamed[][2] = {{"logging_config", "logging"},
            {"lifecycle_config", "lifecycle"}, {"retention_policy", "retentionPolicy"}};
    as_object_builder b, access;

    as_object_begin(&b, arena);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        add(&b, same[i], as_value_get(item, as_str_from(same[i])));
    for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++)
        add(&b, renamed[i][1], as_value_get(item, as_str_from(renamed[i][0])));
    as_object_begin(&access, arena);
    add(&access, "uniformBucketLevelAccess",
            in(arena, "enabled", as_value_get(item, AS_STR("uniform_bucket_level_access"))));
    add(&access, "publicAccessPrevention", as_value_get(item, AS_STR("public_access_prevention")));
    add(&b, "iamConfiguration", as_object_end(&access, item->span));
    add(&b, "versioning", in(arena, "enabled", as_value_get(item, AS_STR("versioning_enabled"))));
    add(&b, "encryption",
            in(arena, "defaultKmsKeyName", as_value_get(item, AS_STR("default_kms_key"))));
    return as_object_end(&b, item->span);
}

static void add_item(as_gcp_resources *to, const as_value *item)
{
    as_arena *arena = to->load->arena;
    as_str type = type_of(arena, item);

    if (text_at(item, "assetType").n > 0 || text_at(item, "asset_type").n > 0) {
        as_gcp_add_asset(to, item, text_at(item, "updateTime"));
        return;
    }
    if (as_str_starts(text_at(item, "storage_url"), "gs://")) {
        type = AS_STR("storage.googleapis.com/Bucket");
        item = bucket_of(arena, item);
    }
    if (type.n == 0)
        return;
    as_gcp_list list = {.operation = type, .type = type};
    as_gcp_add_resource(to, type, as_gcp_full_name(arena, &list, AS_STR(""), item), AS_STR(""),
            AS_STR(""), item);
}

/* --- the parser ----------------------------------------------------------------------------------
 */

/* All files of a scan are one estate. */
static void discover(as_discovery *d)
{
    as_unit *unit = NULL;

    for (size_t i = 0; i < d->n_inputs; i++) {
        as_input *input = &d->inputs[i];
        if (input->kind != AS_FILE_GCP || input->taken)
            continue;
        if (!unit)
            unit = as_discovery_unit(d, AS_STR("google cloud"), AS_STR(""), AS_ORIGIN_LIVE);
        as_discovery_add(d, &as_parser_gcp, input->path, AS_STR(""), AS_ORIGIN_LIVE, unit);
        input->taken = true;
    }
}

static void add_lines(as_gcp_resources *to, const as_source *source)
{
    as_load *l = to->load;

    for (size_t begin = 0; begin < source->text.n;) {
        size_t end = as_str_find_char(as_str_from_index(source->text, begin), '\n');
        end = end == (size_t)-1 ? source->text.n : begin + end;
        if (as_str_trim(as_str_slice(source->text, begin, end)).n > 0) {
            const as_value *item = as_json_parse_range(l->arena, source, begin, end, l->diags);
            if (item)
                add_item(to, item);
        }
        begin = end + 1;
    }
}

static void load(as_load *l)
{
    as_gcp_resources to = {.load = l};
    const as_source *source;
    as_fs_error error = as_fs_read(l->fs, l->target->path, &source);

    if (error != AS_FS_OK) {
        as_diags_add_path(l->diags, AS_DIAG_ERROR, "file-read", l->target->path,
                "cannot be read: %s", as_fs_error_text(error));
        return;
    }
    l->n_files++;
    if (as_str_starts(as_str_trim(source->text), "[")) {
        const as_value *all = as_json_parse(l->arena, source, l->diags);
        for (size_t i = 0; i < as_value_count(all); i++)
            add_item(&to, as_value_index(all, i));
    } else {
        add_lines(&to, source);
    }
    as_gcp_finish(&to);
}

const as_parser as_parser_gcp = {"gcp", discover, load};
