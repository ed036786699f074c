#include "engine/rules/suppress.h"

#include "engine/base/fs.h"
#include "engine/base/glob.h"
#include "engine/rules/comments.h"
#include "engine/rules/fingerprint.h"
#include "engine/rules/suppress_parse.h"

/* What the comments of one file may cost to place, in multiples of its size; those beyond cover
 * their own line only. */
enum { PLACE_BUDGET = 64 };

/* One rule id of a comment, an annotation or the configuration. */
typedef struct entry {
    as_directive directive;
    const as_config_suppression *config; /* then the directive only names it */
    const as_entity *entity;             /* of an annotation */
    uint32_t file;
    as_extent target, block; /* of a comment */
    bool to_origin;          /* covers what a value here leads to */
    bool ended;              /* expired, or its date is none */
    bool used;
} entry;

typedef struct entry_list {
    AS_VEC(entry *) list;
} entry_list;

struct as_suppressions {
    as_arena *arena;
    as_sources *sources;
    const as_graph *graph;
    as_suppress_options options;
    AS_VEC(entry *) entries;
    entry_list *by_file;   /* by file id; comments */
    entry_list *by_entity; /* by entity id; annotations */
    size_t n_files, n_entities;
    as_map taken;               /* of the baseline: fingerprint → how often, size_t * */
    as_map resource_files;      /* path → itself: files in which resources are declared */
    AS_VEC(as_extent) * nested; /* by file id: jobs, steps, tasks … of workflows and Ansible */
    as_suppression baseline;
};

const as_rule as_rule_suppression_expired = {
        .id = AS_STR_INIT("META-SUP-001"),
        .title = AS_STR_INIT("Suppression has not expired"),
        .severity = AS_SEVERITY_LOW,
        .category = AS_STR_INIT("suppression"),
        .description = AS_STR_INIT("The day up to which somebody accepted these findings is over; "
                                   "they count again."),
        .remediation = AS_STR_INIT("Mend what it covered and take it out, or agree on a new date."),
        .builtin = true,
        .version = 1,
};

const as_rule as_rule_suppression_unused = {
        .id = AS_STR_INIT("META-SUP-002"),
        .title = AS_STR_INIT("Suppression covers a finding"),
        .severity = AS_SEVERITY_INFO,
        .category = AS_STR_INIT("suppression"),
        .description = AS_STR_INIT("A suppression without a finding hides the next one that "
                                   "appears in its place."),
        .remediation = AS_STR_INIT("Take it out."),
        .builtin = true,
        .version = 1,
};

/* --- collecting ---------------------------------------------------------------------------------- */

static entry *add_entry(as_suppressions *s, entry e)
{
    entry *kept = AS_NEW(s->arena, entry);
    as_str until = e.directive.what.until;

    *kept = e;
    kept->ended = until.n > 0 &&
                  (!as_date_valid(until) ||
                          (s->options.today.n > 0 && as_str_cmp(until, s->options.today) < 0));
    AS_VEC_PUSH(s->arena, &s->entries, kept);
    return kept;
}

static as_extent block_around(const as_extents *blocks, uint32_t at)
{
    for (size_t low = 0, high = blocks->n; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (at < blocks->items[middle].begin)
            high = middle;
        else if (at >= blocks->items[middle].end)
            low = middle + 1;
        else
            return blocks->items[middle];
    }
    return (as_extent){0, 0};
}

/* Values come from where no resource is declared: tfvars, values files, variables, locals. */
static bool is_origin(const as_suppressions *s, const as_source *source, as_comment_syntax syntax,
        as_extent block)
{
    if (syntax != AS_COMMENTS_HCL)
        return !as_map_has(&s->resource_files, source->path);
    as_str head = as_str_trim(as_str_slice(source->text, block.begin, block.end));
    return block.begin == block.end || as_str_starts(head, "variable") ||
           as_str_starts(head, "locals");
}

typedef struct placing {
    const as_source *source;
    as_comment_syntax syntax;
    as_extents blocks;
    as_extent latest; /* target of the comment before */
    size_t spent;
} placing;

static as_extent place(placing *p, const as_comment *comment)
{
    as_str text = p->source->text;

    /* One of several comments in front of the same statement. */
    if (comment->own_line && comment->begin < p->latest.begin)
        return p->latest;
    if (p->spent / PLACE_BUDGET > text.n)
        return (as_extent){comment->begin, comment->end};
    p->latest = as_comment_target(text, p->syntax, comment);
    p->spent += p->latest.end - comment->begin;
    return p->latest;
}

/* In a workflow or playbook the block around a comment is the innermost job, step or task that
 * holds what the comment speaks of: the document would be all of them. */
static as_extent nested_around(
        const as_suppressions *s, placing *p, as_extent target, as_extent block)
{
    size_t n = s->nested[p->source->id].n;
    as_str text = as_str_from_index(p->source->text, target.begin);
    uint32_t at = target.begin;

    for (size_t i = 0; i < text.n && as_char_in(text.p[i], "- \t"); i++)
        at++;
    if (n == 0 || p->spent / PLACE_BUDGET > p->source->text.n)
        return block;
    p->spent += n;
    for (size_t i = 0; i < n; i++) {
        as_extent inner = s->nested[p->source->id].items[i];
        if (inner.begin <= at && at < inner.end &&
                inner.end - inner.begin <= block.end - block.begin)
            block = inner;
    }
    return block;
}

static void collect_comment(as_suppressions *s, placing *p, const as_comment *comment)
{
    as_str text = as_str_slice(p->source->text, comment->begin, comment->end);
    as_directives directives = {0};

    if (!as_directives_possible(text))
        return;
    as_directives_parse(s->arena, text, &directives);
    if (directives.n == 0)
        return;
    if (p->blocks.n == 0)
        as_comment_blocks(s->arena, p->source->text, p->syntax, &p->blocks);
    entry e = {.file = p->source->id, .target = place(p, comment)};
    e.block = nested_around(s, p, e.target, block_around(&p->blocks, comment->begin));
    as_extent target_block = block_around(&p->blocks, e.target.begin);
    e.to_origin = is_origin(s, p->source, p->syntax, target_block);
    for (size_t i = 0; i < directives.n; i++) {
        e.directive = directives.items[i];
        e.directive.what.span = (as_span){e.file, comment->begin, comment->end};
        entry *kept = add_entry(s, e);
        AS_VEC_PUSH(s->arena, &s->by_file[e.file].list, kept);
    }
}

static void collect_source(as_suppressions *s, const as_source *source)
{
    placing p = {.source = source, .syntax = as_comment_syntax_of(source->path)};
    as_comments comments = {0};

    if (p.syntax == AS_COMMENTS_NONE || !as_directives_possible(source->text))
        return;
    as_comments_find(s->arena, source->text, p.syntax, &comments);
    for (size_t i = 0; i < comments.n; i++)
        collect_comment(s, &p, &comments.items[i]);
}

static void collect_annotations(as_suppressions *s, const as_entity *entity)
{
    const as_value *annotations = as_value_path(entity->raw, "metadata.annotations");

    if (!as_value_is(annotations, AS_OBJECT))
        return;
    for (size_t i = 0; i < annotations->as.object->n; i++) {
        const as_member *member = &annotations->as.object->members[i];
        as_directives directives = {0};
        as_directives_annotation(s->arena, member->key, as_value_str(member->value), &directives);
        for (size_t k = 0; k < directives.n; k++) {
            entry e = {.directive = directives.items[k], .entity = entity};
            e.directive.what.span = as_span_join(member->key_span, member->value->span);
            entry *kept = add_entry(s, e);
            AS_VEC_PUSH(s->arena, &s->by_entity[entity->id].list, kept);
        }
    }
}

static void collect_inline(as_suppressions *s)
{
    while (as_sources_get(s->sources, (uint32_t)s->n_files + 1))
        s->n_files++;
    s->by_file = AS_NEW_ARRAY(s->arena, entry_list, s->n_files + 1);
    s->by_entity = AS_NEW_ARRAY(s->arena, entry_list, s->n_entities + 1);
    s->nested = as_arena_array(s->arena, s->n_files + 1, sizeof *s->nested);
    for (uint32_t id = 1; id <= s->n_entities; id++) {
        const as_entity *entity = as_graph_get(s->graph, id);
        const as_source *source = as_sources_get(s->sources, entity->span.file);
        /* A values file, or a file with a secret in it, declares nothing. */
        bool declares =
                !as_str_is(entity->kind, "helm.values") && !as_str_starts(entity->kind, "secret.");
        if (source && declares)
            as_map_put(s->arena, &s->resource_files, source->path, s);
        if (source && declares &&
                (entity->origin == AS_ORIGIN_WORKFLOW || entity->origin == AS_ORIGIN_FILE))
            AS_VEC_PUSH(s->arena, &s->nested[source->id],
                    (as_extent){entity->span.begin, entity->span.end});
        collect_annotations(s, entity);
    }
    for (uint32_t id = 1; id <= s->n_files; id++)
        collect_source(s, as_sources_get(s->sources, id));
}

static void collect_config(as_suppressions *s)
{
    const as_config *config = s->options.config;

    for (size_t i = 0; config && i < config->n_suppressions; i++) {
        const as_config_suppression *suppression = &config->suppressions[i];
        entry e = {.config = suppression};
        e.directive.what = suppression->what;
        e.directive.rule = suppression->rules.n > 0 ? suppression->rules.items[0] : AS_STR("");
        (void)add_entry(s, e);
    }
}

as_suppressions *as_suppressions_collect(as_arena *arena, as_sources *sources,
        const as_graph *graph, const as_suppress_options *options)
{
    as_suppressions *s = AS_NEW(arena, as_suppressions);

    s->arena = arena;
    s->sources = sources;
    s->graph = graph;
    s->options = *options;
    s->n_entities = graph ? as_graph_count(graph) : 0;
    s->baseline =
            (as_suppression){.source = AS_STR("baseline"), .reason = AS_STR("in the baseline")};
    if (!options->no_inline)
        collect_inline(s);
    collect_config(s);
    return s;
}

/* --- applying ------------------------------------------------------------------------------------ */

static bool names(const entry *e, const as_finding *finding)
{
    if (as_rule_id_matches(e->directive.rule, finding->rule->id))
        return true;
    for (size_t i = 0; i < finding->aliases.n; i++)
        if (as_rule_id_matches(e->directive.rule, finding->aliases.items[i]))
            return true;
    return false;
}

static bool within(as_extent extent, const entry *e, as_span span)
{
    return span.file == e->file && span.begin >= extent.begin && span.begin < extent.end;
}

/* Whether the block or object at `span` is what the extent holds or starts with: an object's span
 * may begin at its "---", in front of the comment. */
static bool declares(const as_suppressions *s, as_extent extent, const entry *e, as_span span)
{
    const as_source *source = as_sources_get(s->sources, span.file);

    if (span.file != e->file || !source)
        return false;
    if (within(extent, e, span))
        return true;
    if (span.begin >= extent.begin)
        return false;
    span.begin = as_comment_content(source->text, as_comment_syntax_of(source->path), span.begin);
    return span.begin >= extent.begin && span.begin < extent.end;
}

static bool covers_extent(
        const as_suppressions *s, as_extent extent, const entry *e, const as_finding *finding)
{
    const as_entity *entity = finding->entity;

    if (extent.begin == extent.end)
        return false;
    if (within(extent, e, finding->span))
        return true;
    if (!entity)
        return false;
    if (declares(s, extent, e, entity->span))
        return true;
    for (const as_call *call = entity->calls; call; call = call->outer)
        if (declares(s, extent, e, call->span))
            return true;
    for (size_t i = 0; e->to_origin && i < finding->n_evidence; i++)
        if (within(extent, e, finding->evidence[i].span))
            return true;
    return false;
}

static bool covers(const as_suppressions *s, const entry *e, const as_finding *finding)
{
    as_str address = finding->entity ? finding->entity->address : AS_STR("");
    as_extent whole = {0, UINT32_MAX};

    if (e->ended || !names(e, finding))
        return false;
    if (e->directive.address.n > 0 && !as_glob_match(e->directive.address, address))
        return false;
    if (e->entity)
        return e->entity == finding->entity;
    switch (e->directive.scope) {
    case AS_SCOPE_FILE:
        return covers_extent(s, whole, e, finding);
    case AS_SCOPE_BLOCK:
        /* Some write it above the block all the same. */
        return covers_extent(s, e->block, e, finding) || covers_extent(s, e->target, e, finding);
    case AS_SCOPE_TARGET:
        break;
    }
    return covers_extent(s, e->target, e, finding);
}

static entry *find_in(const as_suppressions *s, const entry_list *list, const as_finding *finding)
{
    for (size_t i = 0; i < list->list.n; i++)
        if (covers(s, list->list.items[i], finding))
            return list->list.items[i];
    return NULL;
}

static entry *find_in_file(const as_suppressions *s, uint32_t file, const as_finding *finding)
{
    return file > 0 && file <= s->n_files ? find_in(s, &s->by_file[file], finding) : NULL;
}

/* Looks at the comments of every file that has to do with the finding. */
static entry *find_inline(const as_suppressions *s, const as_finding *finding)
{
    const as_entity *entity = finding->entity;
    entry *found = find_in_file(s, finding->span.file, finding);

    if (!found && entity)
        found = find_in_file(s, entity->span.file, finding);
    for (const as_call *call = entity ? entity->calls : NULL; call && !found; call = call->outer)
        found = find_in_file(s, call->span.file, finding);
    for (size_t i = 0; i < finding->n_evidence && !found; i++)
        found = find_in_file(s, finding->evidence[i].span.file, finding);
    if (!found && entity && entity->id > 0 && entity->id <= s->n_entities)
        found = find_in(s, &s->by_entity[entity->id], finding);
    return found;
}

static as_str path_of(const as_suppressions *s, const as_finding *finding)
{
    as_span span = finding->span.file || !finding->entity ? finding->span : finding->entity->span;
    const as_source *source = as_sources_get(s->sources, span.file);

    return source ? source->path : AS_STR("");
}

static entry *find_config(const as_suppressions *s, const as_finding *finding)
{
    const as_entity *entity = finding->entity;
    as_str environment = entity && entity->unit ? entity->unit->environment : AS_STR("");

    for (size_t i = 0; i < s->entries.n; i++) {
        entry *e = s->entries.items[i];
        if (e->config && !e->ended &&
                as_config_suppresses(s->options.config, e->config, finding->rule, finding->aliases,
                        path_of(s, finding), entity ? entity->address : AS_STR(""), environment))
            return e;
    }
    return NULL;
}

/* Whether the baseline has one more of the fingerprint; then it is used up. */
static bool take_from_baseline(as_suppressions *s, as_str fingerprint)
{
    const as_baseline *baseline = s->options.baseline;
    const size_t *allowed = baseline ? as_map_get(&baseline->counts, fingerprint) : NULL;
    if (!allowed)
        return false;
    size_t *taken = as_map_get(&s->taken, fingerprint);
    if (!taken) {
        taken = AS_NEW(s->arena, size_t);
        as_map_put(s->arena, &s->taken, as_str_dup(s->arena, fingerprint), taken);
    }
    if (*taken >= *allowed)
        return false;
    ++*taken;
    return true;
}

/* --- renamed folders ------------------------------------------------------------------------------ */

enum { MAX_RENAMED = 64 }; /* units that went and units that came; beyond that nothing is guessed */

/* Units of the baseline that are no longer there. */
static as_strs gone_units(as_suppressions *s, const as_map *present)
{
    const as_map *units = &s->options.baseline->units;
    as_str *gone = AS_NEW_ARRAY(s->arena, as_str, MAX_RENAMED);
    size_t n = 0;

    for (size_t i = 0; i < units->n; i++) {
        if (as_map_has(present, units->entries[i].key))
            continue;
        if (n == MAX_RENAMED)
            return (as_strs){0};
        gone[n++] = units->entries[i].key;
    }
    return (as_strs){gone, n};
}

/* A folder that was renamed takes what was accepted along: what fails in a unit that is new, and
 * failed in one that is gone, is the same. Whatever finds its own fingerprint has taken it before.
 */
static void apply_renamed(as_suppressions *s, as_finding *findings, size_t n)
{
    const as_baseline *baseline = s->options.baseline;
    as_map present = {0};
    char moved[AS_FINGERPRINT_SIZE];

    if (!baseline || baseline->units.n == 0)
        return;
    for (size_t id = 1; id <= s->n_entities; id++) {
        const as_unit *unit = as_graph_get(s->graph, (uint32_t)id)->unit;
        if (unit && !as_map_has(&present, unit->name))
            as_map_put(s->arena, &present, unit->name, s);
    }
    as_strs gone = gone_units(s, &present);
    for (size_t i = 0; i < n && gone.n > 0; i++) {
        as_finding *finding = &findings[i];
        const as_unit *unit = finding->entity ? finding->entity->unit : NULL;
        if (finding->status != AS_FAIL || !unit || as_map_has(&baseline->units, unit->name))
            continue;
        for (size_t k = 0; k < gone.n && finding->status == AS_FAIL; k++) {
            as_fingerprint_in(finding, gone.items[k], moved);
            if (take_from_baseline(s, as_str_from(moved))) {
                finding->suppression = &s->baseline;
                finding->status = AS_SUPPRESSED;
            }
        }
    }
}

void as_suppressions_apply(as_suppressions *s, as_finding *findings, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        as_finding *finding = &findings[i];
        if (finding->status != AS_FAIL && finding->status != AS_UNSURE)
            continue;
        entry *e = s->options.no_inline ? NULL : find_inline(s, finding);
        if (!e)
            e = find_config(s, finding);
        if (e) {
            e->used = true;
            finding->suppression = &e->directive.what;
        } else if (finding->status == AS_FAIL &&
                   take_from_baseline(s, as_str_from(finding->fingerprint))) {
            finding->suppression = &s->baseline;
        } else {
            continue;
        }
        finding->status = AS_SUPPRESSED;
    }
    apply_renamed(s, findings, n);
}

/* --- findings about suppressions ------------------------------------------------------------------ */

/* Whether a rule ran that the entry could have covered: only then is it known to be unused. */
static bool could_be_used(const as_suppressions *s, const entry *e)
{
    as_strs named = e->config ? e->config->rules : (as_strs){&e->directive.rule, 1};

    if (e->config && (e->config->shared || !s->options.whole))
        return false;
    for (size_t i = 0; i < s->options.n_rules; i++)
        if (as_rule_matches(s->options.rules[i], named))
            return true;
    return false;
}

static as_finding about(const as_suppressions *s, const as_rule *rule, const entry *e)
{
    const as_source *source = as_sources_get(s->sources, e->directive.what.span.file);
    as_str until = e->directive.what.until;
    as_finding finding = {
            .rule = rule,
            .status = AS_FAIL,
            .severity = rule->severity,
            .entity = e->entity,
            .span = e->directive.what.span,
    };

    if (rule == &as_rule_suppression_unused)
        finding.message = as_str_fmt(
                s->arena, "nothing is suppressed for %.*s here", AS_STR_ARG(e->directive.rule));
    else if (as_date_valid(until))
        finding.message = as_str_fmt(s->arena, "the suppression of %.*s ended on %.*s",
                AS_STR_ARG(e->directive.rule), AS_STR_ARG(until));
    else
        finding.message = as_str_fmt(s->arena,
                "the suppression of %.*s has no date of the form YYYY-MM-DD: '%.*s'",
                AS_STR_ARG(e->directive.rule), AS_STR_ARG(until));
    finding.subject = as_str_fmt(s->arena, "%.*s %.*s", AS_STR_ARG(e->directive.rule),
            AS_STR_ARG(source ? source->path : AS_STR("")));
    as_finding_set_fingerprint(&finding);
    return finding;
}

const as_finding *as_suppressions_findings(as_suppressions *s, size_t *n)
{
    AS_VEC(as_finding) list = {0};

    for (size_t i = 0; i < s->entries.n; i++) {
        const entry *e = s->entries.items[i];
        if (e->ended)
            AS_VEC_PUSH(s->arena, &list, about(s, &as_rule_suppression_expired, e));
        else if (!e->used && !e->directive.foreign && could_be_used(s, e))
            AS_VEC_PUSH(s->arena, &list, about(s, &as_rule_suppression_unused, e));
    }
    *n = list.n;
    return list.items;
}
