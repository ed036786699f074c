/* What people have already: outputs of the AWS CLI (`aws iam get-account-authorization-details`,
 * `aws ec2 describe-vpcs` …) and snapshots of AWS Config, read by the same table as answers of a
 * collection.
 *
 * A file is one answer without its question. Which operation it answers is told by its members and,
 * where several have the same, by its name ("elbv2_describe-listeners.json"); account and region by
 * the ARNs in it. All files of a scan are one estate. */
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

static void find_scope(const as_value *v, as_str key, as_live_scope *scope, int depth)
{
    if (v == NULL || depth > AS_MAX_DEPTH || (scope->account.n > 0 && scope->region.n > 0)) {
        return;
    }
    if (v->kind == AS_STRING) {
        as_str text = v->as.str;
        if (as_str_starts(text, "arn:")) {
            look_at(text, scope);
        } else if (as_str_is(key, "OwnerId") && scope->account.n == 0 && is_account(text)) {
            scope->account = text;
        } else if (as_str_is(key, "AvailabilityZone") && scope->region.n == 0 && text.n > 1) {
            scope->region = as_str_slice(text, 0, text.n - 1);
        }
    }
    for (size_t i = 0; v->kind == AS_LIST && i < v->as.list.n; i++) {
        find_scope(v->as.list.items[i], key, scope, depth + 1);
    }
    for (size_t i = 0; v->kind == AS_OBJECT && i < v->as.object->n; i++) {
        find_scope(v->as.object->members[i].value, v->as.object->members[i].key, scope, depth + 1);
    }
}

/* Of files that do not tell their account it is that of the others, when they have one. */
static void share_account(importing *m)
{
    as_str only = AS_STR("");
    for (size_t i = 0; i < m->documents.n; i++) {
        as_str account = m->documents.items[i].scope.account;
        if (account.n > 0 && only.n > 0 && !as_str_eq(account, only)) {
            return;
        }
        only = account.n > 0 ? account : only;
    }
    for (size_t i = 0; i < m->documents.n; i++) {
        m->documents.items[i].scope.account = only;
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
    scope->partition =
            scope->partition.n > 0 ? scope->partition : as_aws_partition_of(scope->region);
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
        AS_VEC_PUSH(m->arena, &m->documents, d);
    }
}

static void load(as_load *l)
{
    importing m = {.load = l, .arena = l->arena};
    m.table = as_live_table_aws(m.arena);
    m.estate = as_live_estate_new(l->arena, m.arena, m.table);
    read_files(&m);
    share_account(&m);
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
