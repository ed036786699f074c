/* What people have already: outputs of the AWS CLI (`aws iam get-account-authorization-details`,
 * `aws ec2 describe-vpcs` …) and snapshots of AWS Config, read by the same table as answers of a
 * collection.
 *
 * A file is one answer without its question. Which operation it answers is told by its members and,
 * where several have the same, by its name ("elbv2_describe-listeners.json"); account and region by
 * the ARNs, zones and addresses in it, else by its path ("eu-west-1/vpcs.json"), else by the other
 * files of its folder, else by all others, where these have one alone. All files of a scan are one
 * estate. */
#include "engine/base/limits.h"
#include "parsers/json/json.h"
#include "parsers/live/assemble.h"
#include "parsers/live/aws/config_items.h"
#include "parsers/live/aws/scope.h"

extern const as_parser as_parser_aws_answers;

typedef struct document {
    const as_value *value;
    as_str path;
    as_live_scope scope;
} document;

typedef struct importing {
    as_load *load;
    as_arena *arena;
    as_live_estate *estate;
    const as_live_table *table;
    AS_VEC(document) documents;
} importing;

/* --- where it comes from -------------------------------------------------------------------------
 */

static bool is_account(as_str text)
{
    bool digits = text.n == 12;
    for (size_t i = 0; digits && i < text.n; i++) {
        digits = text.p[i] >= '0' && text.p[i] <= '9';
    }
    return digits;
}

/* "arn:aws:ec2:eu-west-1:123456789012:…"; AWS's own policies have no account of theirs. */
static void look_at(as_str text, as_live_scope *scope)
{
    as_str parts[5] = {{0}}, rest = text;
    for (size_t i = 0; i < 5; i++) {
        if (!as_str_split(&rest, ':', &parts[i])) {
            return;
        }
    }
    if (!as_str_is(parts[0], "arn") || !is_account(parts[4])) {
        return;
    }
    if (scope->account.n == 0) {
        scope->account = parts[4];
        scope->partition = parts[1];
    }
    if (scope->region.n == 0) {
        scope->region = parts[3];
    }
}

/* "eu-west-1", "us-gov-east-1" */
static bool is_region(as_str text)
{
    size_t n_words = 1;
    for (size_t i = 0; i < text.n; i++) {
        bool last = i + 1 == text.n;
        if (text.p[i] == '-') {
            n_words++;
        } else if (last ? text.p[i] < '0' || text.p[i] > '9' : text.p[i] < 'a' || text.p[i] > 'z') {
            return false;
        }
    }
    return n_words >= 3 && text.n > 8 && text.p[2] == '-' && text.p[text.n - 2] == '-';
}

/* What stands between dots: "orders.c9akciq32.eu-west-1.rds.amazonaws.com",
 * "com.amazonaws.eu-west-1.s3". */
static as_str region_in_host(as_str host)
{
    as_str label;
    while (as_str_split(&host, '.', &label)) {
        if (is_region(label)) {
            return label;
        }
    }
    return AS_STR("");
}

static void look_at_text(as_str text, as_str key, as_live_scope *scope)
{
    if (as_str_starts(text, "arn:")) {
        look_at(text, scope);
    } else if (as_str_is(key, "OwnerId") && scope->account.n == 0 && is_account(text)) {
        scope->account = text;
    } else if (scope->region.n > 0) {
        return;
    } else if ((as_str_is(key, "AvailabilityZone") || as_str_is(key, "ZoneName")) && text.n > 1 &&
               is_region(as_str_slice(text, 0, text.n - 1))) {
        scope->region = as_str_slice(text, 0, text.n - 1);
    } else if (as_str_ends(text, ".amazonaws.com") || as_str_starts(text, "com.amazonaws.")) {
        scope->region = region_in_host(text);
    }
}

static void find_scope(const as_value *v, as_str key, as_live_scope *scope, int depth)
{
    if (v == NULL || depth > AS_MAX_DEPTH || (scope->account.n > 0 && scope->region.n > 0)) {
        return;
    }
    if (v->kind == AS_STRING) {
        look_at_text(v->as.str, key, scope);
    }
    for (size_t i = 0; v->kind == AS_LIST && i < v->as.list.n; i++) {
        find_scope(v->as.list.items[i], key, scope, depth + 1);
    }
    for (size_t i = 0; v->kind == AS_OBJECT && i < v->as.object->n; i++) {
        find_scope(v->as.object->members[i].value, v->as.object->members[i].key, scope, depth + 1);
    }
}

/* Words of the path: "123456789012/eu-west-1/vpcs.json", "vpcs_eu-west-1.json". */
static void look_at_path(as_str path, as_live_scope *scope)
{
    for (size_t begin = 0; begin < path.n;) {
        size_t end = begin;
        while (end < path.n && !strchr("/_. ", path.p[end])) {
            end++;
        }
        as_str word = as_str_slice(path, begin, end);
        if (scope->account.n == 0 && is_account(word)) {
            scope->account = word;
        }
        if (scope->region.n == 0 && is_region(word)) {
            scope->region = word;
        }
        begin = end + 1;
    }
}

typedef as_str (*scope_part)(const as_live_scope *scope);

static as_str account_of(const as_live_scope *scope)
{
    return scope->account;
}

static as_str region_of(const as_live_scope *scope)
{
    return scope->region;
}

/* What all that tell it agree on, in one folder or (NULL) anywhere; empty when they do not. */
static as_str agreed(const importing *m, const as_str *dir, scope_part part)
{
    as_str only = AS_STR("");
    for (size_t i = 0; i < m->documents.n; i++) {
        as_str text = part(&m->documents.items[i].scope);
        if (text.n == 0 ||
                (dir != NULL && !as_str_eq(*dir, as_path_dir(m->documents.items[i].path)))) {
            continue;
        }
        if (only.n > 0 && !as_str_eq(text, only)) {
            return AS_STR("");
        }
        only = text;
    }
    return only;
}

/* Of files that do not tell their account or region it is that of the others, when they have one.
 */
static void share_scope(importing *m)
{
    as_live_scope *shared = AS_NEW_ARRAY(m->arena, as_live_scope, m->documents.n);
    as_live_scope all = {
            .account = agreed(m, NULL, account_of), .region = agreed(m, NULL, region_of)};
    as_map folders = {0};
    for (size_t i = 0; i < m->documents.n; i++) {
        as_str dir = as_path_dir(m->documents.items[i].path);
        as_live_scope *near = as_map_get(&folders, dir);
        if (near == NULL) {
            near = AS_NEW(m->arena, as_live_scope);
            near->account = agreed(m, &dir, account_of);
            near->region = agreed(m, &dir, region_of);
            as_map_put(m->arena, &folders, dir, near);
        }
        shared[i].account = near->account.n > 0 ? near->account : all.account;
        shared[i].region = near->region.n > 0 ? near->region : all.region;
    }
    for (size_t i = 0; i < m->documents.n; i++) {
        as_live_scope *own = &m->documents.items[i].scope;
        own->account = own->account.n > 0 ? own->account : shared[i].account;
        own->region = own->region.n > 0 ? own->region : shared[i].region;
        if (own->partition.n == 0) {
            own->partition = as_aws_partition_of(own->region);
        }
    }
}

/* --- what it answers -----------------------------------------------------------------------------
 */

static as_str first_step(as_str path)
{
    size_t end = 0;
    while (end < path.n && path.p[end] != '.' && path.p[end] != '[' && path.p[end] != '?') {
        end++;
    }
    return as_str_slice(path, 0, end);
}

/* The same letters, without what separates words: "get-bucket-policy" and "GetBucketPolicy". */
static as_str letters(as_arena *arena, as_str text)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    text = as_str_lower(arena, text);
    for (size_t i = 0; i < text.n; i++) {
        if ((text.p[i] >= 'a' && text.p[i] <= 'z') || (text.p[i] >= '0' && text.p[i] <= '9')) {
            as_buf_char(&buf, text.p[i]);
        }
    }
    return as_buf_view(&buf);
}

typedef struct trying {
    importing *m;
    const as_live_row *row;
    const as_live_scope *scope;
    bool fits;
} trying;

static void try_item(void *self, const as_value *item, const as_value *parent)
{
    trying *t = self;
    as_live_context c = {t->scope, item, parent, NULL};
    as_str id;
    t->fits = t->fits || as_live_text(t->m->arena, t->row->id, &c, &id);
}

/* Whether an item of the document has what names such a resource. */
static bool fits(importing *m, const document *d, const as_live_row *row)
{
    trying t = {m, row, &d->scope, false};
    as_str rest;
    if (as_str_contains(row->path, "[]")) {
        as_live_each(d->value, row->path, try_item, &t, &rest);
    } else {
        try_item(&t, as_live_walk(d->value, row->path), d->value);
    }
    return t.fits;
}

/* How well a row explains the document: 0 not at all; names in the file's name count. */
static int score(importing *m, const document *d, const as_live_row *row)
{
    as_str first = first_step(row->path), op = row->op, service;
    bool plain = first.n > 0 && !as_str_is(first, "-") && !row->is_join;
    if (!plain || row->csv || as_value_get(d->value, first) == NULL || !fits(m, d, row)) {
        return 0;
    }
    (void)as_str_split(&op, ':', &service);
    as_str base = letters(m->arena, as_path_base(d->path));
    return 1 + 2 * (as_str_find(base, letters(m->arena, op)) != (size_t)-1) +
           (as_str_find(base, letters(m->arena, service)) != (size_t)-1);
}

static as_str operation_of(importing *m, const document *d)
{
    as_str best = AS_STR("");
    int most = 0;
    for (size_t i = 0; i < m->table->rows.n; i++) {
        int found = score(m, d, &m->table->rows.items[i]);
        if (found > most) {
            most = found;
            best = m->table->rows.items[i].op;
        }
    }
    return best;
}

static void take_answer(importing *m, const document *d)
{
    as_snapshot_answer answer = {.op = operation_of(m, d), .body = d->value, .last = true};
    as_live_scope *scope = AS_NEW(m->arena, as_live_scope);
    *scope = d->scope;
    if (answer.op.n == 0) {
        as_diags_add(m->load->diags, AS_DIAG_NOTE, "aws-answer", d->value->span,
                "this looks like an answer of AWS, but nothing in it is a resource that is known");
        return;
    }
    as_live_estate_take(m->estate, scope, as_aws_is_global(answer.op), &answer);
}

/* --- the parser ----------------------------------------------------------------------------------
 */

static void read_files(importing *m)
{
    as_load *l = m->load;
    for (size_t i = 0; i < l->target->files.n; i++) {
        const as_source *source;
        as_str path = l->target->files.items[i];
        as_fs_error error = as_fs_read(l->fs, path, &source);
        if (error != AS_FS_OK) {
            as_diags_add_path(l->diags, AS_DIAG_ERROR, "file-read", path, "cannot be read: %s",
                    as_fs_error_text(error));
            continue;
        }
        document d = {.value = as_json_parse(l->arena, source, l->diags), .path = path};
        if (!as_value_is(d.value, AS_OBJECT)) {
            continue;
        }
        l->n_files++;
        find_scope(d.value, AS_STR(""), &d.scope, 0);
        look_at_path(path, &d.scope);
        AS_VEC_PUSH(m->arena, &m->documents, d);
    }
}

static void load(as_load *l)
{
    importing m = {.load = l, .arena = l->arena};
    m.table = as_live_table_aws(m.arena);
    m.estate = as_live_estate_new(l->arena, m.arena, m.table);
    read_files(&m);
    share_scope(&m);
    for (size_t i = 0; i < m.documents.n; i++) {
        const as_value *items =
                as_value_get(m.documents.items[i].value, AS_STR("configurationItems"));
        if (as_value_is(items, AS_LIST)) {
            as_aws_config_take(m.estate, m.arena, items);
        } else {
            take_answer(&m, &m.documents.items[i]);
        }
    }
    as_live_estate_finish(m.estate, l);
}

static void discover(as_discovery *d)
{
    AS_VEC(as_str) files = {0};
    for (size_t i = 0; i < d->n_inputs; i++) {
        as_input *input = &d->inputs[i];
        if (input->kind == AS_FILE_AWS_ANSWER && !input->taken) {
            AS_VEC_PUSH(d->arena, &files, input->path);
            input->taken = true;
        }
    }
    if (files.n > 0) {
        as_unit *unit = as_discovery_unit(d, AS_STR("collected"), AS_STR(""), AS_ORIGIN_LIVE);
        as_target *target = as_discovery_add(
                d, &as_parser_aws_answers, files.items[0], AS_STR(""), AS_ORIGIN_LIVE, unit);
        target->files = (as_strs){files.items, files.n};
    }
}

const as_parser as_parser_aws_answers = {"aws answers", discover, load};
