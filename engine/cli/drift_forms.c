/* What only `assay drift` has: its text, Markdown and JSON. */
#include "engine/cli/drift_listing.h"

#include "engine/secrets/scrub.h"
#include "reporters/json_out.h"
#include "reporters/json_parts.h"

enum { MOST_SHOWN = 3, MOST_SHOWN_CHANGED = 10 };

/* --- texts ---------------------------------------------------------------------------------------
 */

/* Without the secrets that the scan has found. */
static as_str scrubbed(const as_drift_listing *l, as_str text)
{
    return l->report->scrubber ? as_scrubber_run(l->report->scrubber, text) : text;
}

as_str as_drift_shown(const as_drift_listing *l, as_str text)
{
    return text.n > 0 ? scrubbed(l, text) : AS_STR("nothing");
}

static as_str place(const as_drift_listing *l, as_span span)
{
    const as_source *source = as_sources_get(l->report->sources, span.file);

    if (!source)
        return AS_STR("");
    as_position at = as_sources_position(l->report->sources, span.file, span.begin);
    return as_str_fmt(l->cli->arena, "%.*s:%u",
            AS_STR_ARG(as_path_prefixed(l->cli->arena, l->report->path_prefix, source->path)),
            (unsigned)at.line);
}

static void text_entry(const as_drift_listing *l, const as_drift_entry *e, as_buf *out)
{
    const as_drift *d = e->drift;

    as_buf_fmt(out, "%s %.*s", as_drift_kind_name(d->kind), AS_STR_ARG(as_drift_address(d)));
    if (d->code && d->live && !as_str_eq(d->code->address, d->live->address))
        as_buf_fmt(out, " (%.*s)", AS_STR_ARG(d->live->address));
    else if (d->live && d->live->account.n > 0)
        as_buf_fmt(out, " (%.*s)", AS_STR_ARG(d->live->account));
    if (d->code)
        as_buf_fmt(out, "  %.*s", AS_STR_ARG(place(l, d->code->head)));
    as_buf_char(out, '\n');
    for (size_t i = 0; i < d->n_changes; i++)
        as_buf_fmt(out, "    %.*s: code %.*s, live %.*s\n", AS_STR_ARG(d->changes[i].field),
                AS_STR_ARG(as_drift_shown(l, d->changes[i].code)),
                AS_STR_ARG(as_drift_shown(l, d->changes[i].live)));
    /* Of what nobody manages all is new: the worst is enough. */
    size_t most = d->kind == AS_DRIFT_UNMANAGED ? MOST_SHOWN : MOST_SHOWN_CHANGED;
    size_t n = e->n_rules > most ? most : e->n_rules;
    for (size_t i = 0; i < n; i++)
        as_buf_fmt(out, "    breaks %.*s (%s): %.*s\n", AS_STR_ARG(e->rules[i]->rule->id),
                as_severity_name(e->rules[i]->severity), AS_STR_ARG(e->rules[i]->message));
    if (n < e->n_rules)
        as_buf_fmt(out, "    and %zu rules more\n", e->n_rules - n);
}

static void write_text(const as_drift_listing *l, as_buf *out)
{
    for (size_t i = 0; i < l->entries.n; i++)
        text_entry(l, &l->entries.items[i], out);
    as_buf_fmt(out,
            "%zu changed, %zu unmanaged, %zu gone; %zu live resources are in code, of %zu "
            "resources in "
            "code it is not known what they are called\n",
            as_drift_listing_count(l, AS_DRIFT_CHANGED),
            as_drift_listing_count(l, AS_DRIFT_UNMANAGED), as_drift_listing_count(l, AS_DRIFT_GONE),
            l->drifts.n_joined, l->drifts.n_undecided);
}

/* Nothing of a value may end the cell or begin markup. */
static as_str cell(const as_drift_listing *l, as_str text)
{
    as_buf buf;

    as_buf_init(&buf, l->cli->arena, 0);
    for (size_t i = 0; i < text.n; i++) {
        if (as_char_in(text.p[i], "|`<>[]*_\\"))
            as_buf_char(&buf, '\\');
        as_buf_char(&buf, text.p[i] == '\n' || text.p[i] == '\r' ? ' ' : text.p[i]);
    }
    return as_buf_view(&buf);
}

static void markdown_entry(const as_drift_listing *l, const as_drift_entry *e, as_buf *out)
{
    const as_drift *d = e->drift;

    as_buf_fmt(out, "| %s | %s | %.*s | ",
            e->severity > AS_SEVERITY_NONE ? as_severity_name(e->severity) : "",
            as_drift_kind_name(d->kind), AS_STR_ARG(cell(l, as_drift_address(d))));
    for (size_t i = 0; i < d->n_changes; i++)
        as_buf_fmt(out, "%s%.*s: %.*s → %.*s", i > 0 ? "<br>" : "",
                AS_STR_ARG(cell(l, d->changes[i].field)),
                AS_STR_ARG(cell(l, as_drift_shown(l, d->changes[i].code))),
                AS_STR_ARG(cell(l, as_drift_shown(l, d->changes[i].live))));
    as_buf_cstr(out, " | ");
    size_t n = 0;
    for (size_t i = 0; i < e->n_rules; i++)
        if (!as_drift_is_rule_repeated(e, i))
            as_buf_fmt(out, "%s%.*s", n++ > 0 ? ", " : "", AS_STR_ARG(e->rules[i]->rule->id));
    as_buf_cstr(out, " |\n");
}

static void write_markdown(const as_drift_listing *l, as_buf *out)
{
    as_buf_fmt(out, "**%zu changed, %zu unmanaged, %zu gone**\n",
            as_drift_listing_count(l, AS_DRIFT_CHANGED),
            as_drift_listing_count(l, AS_DRIFT_UNMANAGED),
            as_drift_listing_count(l, AS_DRIFT_GONE));
    if (l->entries.n > 0)
        as_buf_cstr(out, "\n| Severity | Drift | Resource | Code → live | Breaks |\n"
                         "|---|---|---|---|---|\n");
    for (size_t i = 0; i < l->entries.n; i++)
        markdown_entry(l, &l->entries.items[i], out);
}

/* --- JSON ----------------------------------------------------------------------------------------
 */

static void json_place(as_json_out *json, const as_drift_listing *l, as_span span)
{
    const as_source *source = as_sources_get(l->report->sources, span.file);

    if (!source)
        return;
    as_json_str(json, "path", source->path);
    as_json_size(json, "line", as_sources_position(l->report->sources, span.file, span.begin).line);
}

static void json_entity(
        as_json_out *json, const as_drift_listing *l, const char *key, const as_entity *e)
{
    if (!e)
        return;
    as_json_open(json, key, '{');
    as_json_str(json, "address", e->address);
    as_json_str(json, "kind", e->kind);
    as_json_cstr(json, "origin", as_origin_name(e->origin));
    as_json_str_if(json, "account", e->account);
    as_json_str_if(json, "region", e->region);
    json_place(json, l, e->head);
    as_json_close(json, '}');
}

static void json_changes(as_json_out *json, const as_drift_listing *l, const as_drift *d)
{
    as_json_open(json, "changes", '[');
    for (size_t i = 0; i < d->n_changes; i++) {
        as_json_open(json, NULL, '{');
        as_json_str(json, "field", d->changes[i].field);
        as_json_str(json, "code", scrubbed(l, d->changes[i].code));
        as_json_str(json, "live", scrubbed(l, d->changes[i].live));
        json_place(json, l, d->changes[i].code_span);
        as_json_close(json, '}');
    }
    as_json_close(json, ']');
}

static void json_entry(as_json_out *json, const as_drift_listing *l, const as_drift_entry *e)
{
    as_json_open(json, NULL, '{');
    as_json_cstr(json, "kind", as_drift_kind_name(e->drift->kind));
    as_json_cstr(json, "severity", as_severity_name(e->severity));
    json_entity(json, l, "code", e->drift->code);
    json_entity(json, l, "live", e->drift->live);
    json_changes(json, l, e->drift);
    as_json_open(json, "breaks", '[');
    for (size_t i = 0; i < e->n_rules; i++) {
        as_json_open(json, NULL, '{');
        as_json_str(json, "rule", e->rules[i]->rule->id);
        as_json_cstr(json, "severity", as_severity_name(e->rules[i]->severity));
        as_json_str(json, "message", e->rules[i]->message);
        as_json_close(json, '}');
    }
    as_json_close(json, ']');
    as_json_close(json, '}');
}

static void write_json(const as_drift_listing *l, as_buf *out)
{
    as_json_out json = {.buf = out, .indent = 2};

    as_json_open(&json, NULL, '{');
    as_json_size(&json, "schema_version", 1);
    as_json_open(&json, "summary", '{');
    as_json_size(&json, "changed", as_drift_listing_count(l, AS_DRIFT_CHANGED));
    as_json_size(&json, "unmanaged", as_drift_listing_count(l, AS_DRIFT_UNMANAGED));
    as_json_size(&json, "gone", as_drift_listing_count(l, AS_DRIFT_GONE));
    as_json_size(&json, "joined", l->drifts.n_joined);
    as_json_size(&json, "undecided", l->drifts.n_undecided);
    as_json_close(&json, '}');
    as_json_open(&json, "drift", '[');
    for (size_t i = 0; i < l->entries.n; i++)
        json_entry(&json, l, &l->entries.items[i]);
    as_json_close(&json, ']');
    as_json_open(&json, "diagnostics", '[');
    for (size_t i = 0; i < l->report->diags->list.n; i++)
        as_json_diag(&json, l->report, &l->report->diags->list.items[i]);
    as_json_close(&json, ']');
    as_json_close(&json, '}');
    as_buf_char(out, '\n');
}

bool as_drift_write_form(void *listing, const char *format, as_buf *out)
{
    static const struct {
        const char *name;
        void (*write)(const as_drift_listing *l, as_buf *out);
    } forms[] = {{"text", write_text}, {"json", write_json}, {"markdown", write_markdown}};

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].name, format) == 0) {
            forms[i].write(listing, out);
            return true;
        }
    return false;
}
