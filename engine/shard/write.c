#include "engine/shard/result.h"
#include "engine/shard/wire.h"
#include "parsers/live/seal.h"

/* --- parts ------------------------------------------------------------------------------------ */

static void put_diags(as_wire_out *out, const as_diags *diags)
{
    as_wire_size(out, diags->list.n);
    for (size_t i = 0; i < diags->list.n; i++) {
        const as_diag *d = &diags->list.items[i];
        as_wire_size(out, d->severity);
        as_wire_text(out, as_str_from(d->code));
        as_wire_span(out, d->span);
        as_wire_text(out, d->path);
        as_wire_text(out, d->summary);
        as_wire_text(out, d->detail);
    }
}

static void put_resource(as_wire_out *out, const as_resource *r)
{
    as_wire_size(out, r->origin);
    as_wire_text(out, r->kind);
    as_wire_text(out, r->type);
    as_wire_text(out, r->address);
    as_wire_text(out, r->name);
    as_wire_text(out, r->space);
    as_wire_text(out, r->provider);
    as_wire_text(out, r->region);
    as_wire_text(out, r->account);
    as_wire_span(out, r->span);
    as_wire_span(out, r->head);
    as_wire_value(out, r->raw);
    as_wire_value(out, r->extra);
    as_wire_calls(out, r->calls);
}

static void put_resources(as_wire_out *out, const as_load *load)
{
    as_wire_size(out, load->resources.n);
    for (size_t i = 0; i < load->resources.n; i++)
        put_resource(out, &load->resources.items[i]);
}

static void put_bases(as_wire_out *out, const as_shard_scan *scan, const as_load *overlay)
{
    size_t n = 0;

    for (size_t i = 0; i < scan->bases.n; i++)
        n += scan->bases.items[i].overlay == overlay;
    as_wire_size(out, n);
    for (size_t i = 0; i < scan->bases.n; i++) {
        const as_variant_base *b = &scan->bases.items[i];
        if (b->overlay != overlay)
            continue;
        as_wire_text(out, b->base->target->path);
        as_wire_text(out, b->prefix);
        as_wire_text(out, b->suffix);
        put_resources(out, b->base);
    }
}

static void put_loads(as_wire_out *out, const as_shard_scan *scan, size_t root)
{
    const as_loading *loading = &scan->loadings[root];
    size_t n_targets = loading->discovery.targets.n, n = 0;

    for (size_t t = 0; t < n_targets; t++)
        n += scan->has[root][t];
    as_wire_size(out, n);
    for (size_t t = 0; t < n_targets; t++) {
        const as_load *load = &loading->loads[t];
        if (!scan->has[root][t])
            continue;
        as_wire_size(out, t);
        put_resources(out, load);
        as_wire_size(out, load->gaps.n);
        for (size_t g = 0; g < load->gaps.n; g++) {
            as_wire_text(out, load->gaps.items[g].kind);
            as_wire_text(out, load->gaps.items[g].reason);
        }
        put_diags(out, load->diags);
        put_bases(out, scan, load);
    }
}

static size_t parser_number(const as_parser *parser)
{
    size_t i = 0;

    while (as_parsers[i] != NULL && as_parsers[i] != parser)
        i++;
    return i;
}

static void put_discovery(as_wire_out *out, const as_discovery *d, uint32_t first_unit)
{
    as_wire_size(out, d->targets.n);
    for (size_t i = 0; i < d->targets.n; i++) {
        const as_target *t = &d->targets.items[i];
        as_wire_size(out, parser_number(t->parser));
        as_wire_text(out, t->path);
        as_wire_text(out, t->variant);
        as_wire_size(out, t->unit->id - first_unit);
        as_wire_text(out, t->unit->name);
        as_wire_text(out, t->unit->variant);
        as_wire_text(out, t->unit->environment);
        as_wire_size(out, t->unit->origin);
    }
}

static void put_inventory(as_wire_out *out, const as_inventory *inventory)
{
    as_wire_size(out, inventory->inputs.n);
    for (size_t i = 0; i < inventory->inputs.n; i++) {
        const as_input *input = &inventory->inputs.items[i];
        as_wire_text(out, input->path);
        as_wire_size(out, input->kind);
        as_wire_size(out, input->taken);
    }
    as_wire_size(out, inventory->n_files);
    as_wire_size(out, inventory->files.n);
    for (size_t i = 0; i < inventory->files.n; i++)
        as_wire_text(out, inventory->files.items[i]);
    as_wire_size(out, inventory->skips.n);
    for (size_t i = 0; i < inventory->skips.n; i++) {
        as_wire_text(out, inventory->skips.items[i].path);
        as_wire_text(out, inventory->skips.items[i].why);
    }
}

static void put_secret(as_wire_out *out, const as_secret *s)
{
    as_wire_size(out, s->group);
    as_wire_text(out, as_str_from(s->detector));
    as_wire_text(out, as_str_from(s->what));
    as_wire_size(out, s->begin);
    as_wire_size(out, s->end);
    as_wire_text(out, s->key);
    as_wire_double(out, s->entropy);
    as_wire_size(out, s->hex);
    as_wire_size(out, s->encrypted);
    as_wire_size(out, s->publishable);
    as_wire_text(out, s->expires);
}

static void put_secret_files(as_wire_out *out, const as_shard_scan *scan, size_t root)
{
    as_wire_size(out, scan->n_secret_files[root]);
    for (size_t i = 0; i < scan->n_secret_files[root]; i++) {
        const as_secret_file *f = &scan->secret_files[root][i];
        as_wire_text(out, f->path);
        as_wire_size(out, f->fate);
        as_wire_size(out, f->full);
        as_wire_size(out, as_wire_file(out, f->source == NULL ? 0 : f->source->id));
        as_wire_size(out, f->found.n);
        for (size_t k = 0; k < f->found.n; k++)
            put_secret(out, &f->found.items[k]);
    }
}

static void put_root(as_wire_out *out, const as_shard_scan *scan, size_t root)
{
    const as_root *r = &scan->roots[root];

    as_wire_size(out, r->is_git);
    as_wire_texts(out, (as_strs){r->folders.items, r->folders.n});
    as_wire_texts(out, (as_strs){r->files.items, r->files.n});
    as_wire_size(out, scan->known[root]);
    if (!scan->known[root])
        return;
    as_wire_size(out, scan->n_units[root]);
    put_inventory(out, &scan->inventories[root]);
    put_discovery(out, &scan->loadings[root].discovery, scan->first_unit[root]);
    put_diags(out, &scan->diags[root]);
    put_loads(out, scan, root);
    put_secret_files(out, scan, root);
}

/* --- verdicts --------------------------------------------------------------------------------- */

static void put_fix(as_wire_out *out, const as_fix *fix)
{
    as_wire_text(out, fix->field);
    as_wire_text(out, fix->value);
    as_wire_text(out, fix->json);
    as_wire_text(out, fix->title);
    as_wire_text(out, fix->fail_case);
    as_wire_span(out, fix->span);
    as_wire_text(out, fix->insert);
    as_wire_size(out, fix->joined);
}

static void put_finding(as_wire_out *out, const as_check_key *key, const as_finding *f)
{
    as_wire_size(out, key->rule);
    as_wire_size(out, key->entity);
    as_wire_size(out, key->nth);
    as_wire_size(out, f->status);
    as_wire_size(out, f->severity);
    as_wire_text(out, f->fail_case);
    as_wire_texts(out, f->aliases);
    as_wire_value(out, f->within);
    as_wire_span(out, f->span);
    as_wire_text(out, f->message);
    as_wire_size(out, f->n_evidence);
    for (size_t i = 0; i < f->n_evidence; i++) {
        as_wire_span(out, f->evidence[i].span);
        as_wire_text(out, f->evidence[i].note);
    }
    as_wire_size(out, f->n_trail);
    as_wire_size(out, f->n_fixes);
    for (size_t i = 0; i < f->n_fixes; i++)
        put_fix(out, &f->fixes[i]);
    as_wire_text(out, f->subject);
}

static void put_verdicts(as_wire_out *out, const as_ruleset *set, const as_evaluation *e)
{
    as_wire_size(out, set->rules.n);
    for (size_t i = 0; i < set->rules.n; i++)
        as_wire_text(out, set->rules.items[i].rule.id);
    as_wire_size(out, e->n_checks);
    for (size_t s = 0; s < 4; s++)
        as_wire_size(out, e->by_status[s]);
    as_wire_size(out, e->findings.n);
    for (size_t i = 0; i < e->findings.n; i++)
        put_finding(out, &e->keys[i], &e->findings.items[i]);
    as_wire_size(out, e->deferred.n);
    for (size_t i = 0; i < e->deferred.n; i++) {
        as_wire_size(out, e->deferred.items[i].rule);
        as_wire_size(out, e->deferred.items[i].entity);
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Beside those that places are in: what was read and nobody else writes, for what its comments say.
 */
static void add_sources(as_wire_out *out, const as_shard_scan *scan, const bool *skip)
{
    for (uint32_t id = scan->first_source + 1; as_sources_get(scan->sources, id) != NULL; id++)
        if (id > scan->last_common || !skip[id])
            (void)as_wire_file(out, id);
}

static void write_sources(
        as_buf *buf, as_arena *arena, const as_shard_scan *scan, const as_wire_out *facts)
{
    as_wire_out out;

    as_wire_begin(&out, arena);
    as_wire_size(&out, facts->files.n);
    for (size_t i = 0; i < facts->files.n; i++) {
        const as_source *source = as_sources_get(scan->sources, facts->files.items[i]);
        as_wire_long_text(&out, source->path);
        as_wire_long_text(&out, source->text);
    }
    as_buf_str(buf, as_buf_view(&out.buf));
}

static void put_member(as_buf *buf, const char *name, as_str text)
{
    as_buf_fmt(buf, ",\"%s\":", name);
    as_buf_json_string(buf, text);
}

static void write_head(as_buf *buf, const as_shard_head *head)
{
    as_buf_cstr(buf, "{\"assay_shard\":1");
    put_member(buf, "version", head->version);
    as_buf_fmt(buf, ",\"index\":%u,\"count\":%u", head->shard.index, head->shard.count);
    put_member(buf, "options", head->digests.options);
    put_member(buf, "configuration", head->digests.configuration);
    put_member(buf, "rules", head->digests.rules);
    put_member(buf, "tree", head->digests.tree);
    as_buf_cstr(buf, ",\"settings\":");
    as_value_write_json(buf, head->settings, (as_json_style){0});
    as_buf_cstr(buf, "}\n");
}

bool as_shard_write(const as_shard_scan *scan, const as_shard_head *head, const bool *skip,
        const as_ruleset *set, const as_evaluation *evaluation, as_str *out)
{
    as_arena *arena = scan->arena;
    as_wire_out facts;
    as_buf whole, result;
    as_str frame;

    as_wire_begin(&facts, arena);
    as_wire_text(&facts, scan->prefix);
    as_wire_text(&facts, scan->here);
    as_wire_size(&facts, scan->narrowed);
    as_wire_texts(&facts, scan->wanted);
    as_wire_size(&facts, scan->n_roots);
    for (size_t i = 0; i < scan->n_roots; i++)
        put_root(&facts, scan, i);
    put_verdicts(&facts, set, evaluation);
    add_sources(&facts, scan, skip);
    as_buf_init(&whole, arena, (size_t)1 << 40);
    write_sources(&whole, arena, scan, &facts);
    as_buf_str(&whole, as_buf_view(&facts.buf));
    if (!as_zstd_compress(arena, as_buf_view(&whole), &frame))
        return false;
    as_buf_init(&result, arena, (size_t)1 << 40);
    write_head(&result, head);
    as_buf_str(&result, frame);
    *out = as_buf_view(&result);
    return true;
}
