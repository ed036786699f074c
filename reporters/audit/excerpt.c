#include "reporters/audit/excerpt.h"

#include "engine/base/buf.h"
#include "engine/base/utf8.h"
#include "parsers/json/json.h"
#include "engine/base/sha256.h"
#include "parsers/live/seal.h"
#include "parsers/live/snapshot.h"
#include "reporters/common.h"
#include "reporters/redact.h"
#include "reporters/terminal.h"

enum { BEFORE = 2, AFTER = 2, WIDTH = 200, MAX_REDACTIONS = 32 };

/* The first character at or behind `at`. */
static size_t whole(as_str text, size_t at)
{
    while (at < text.n && ((unsigned char)text.p[at] & 0xc0) == 0x80)
        at++;
    return at;
}

/* What of a line can be shown: of a very long one (an answer of a service) a stretch around the
 * place. */
static as_str window(as_str line, size_t begin_at)
{
    if (line.n <= WIDTH)
        return line;
    size_t from = begin_at > WIDTH / 2 ? whole(line, begin_at - WIDTH / 2) : 0;
    return as_str_slice(line, from, whole(line, from + WIDTH));
}

static as_str shown(as_arena *arena, const as_report *report, uint32_t file, as_str line,
        as_str part, const as_redaction *secret)
{
    as_redaction hidden[MAX_REDACTIONS + 1];
    /* Judged on the whole line: the name of a value may stand before the part. Of a huge line, on
     * what is near. */
    size_t lead = (size_t)(part.p - line.p), from = lead > 4096 ? whole(line, lead - 4096) : 0;
    as_str near = as_str_slice(line, from, lead + part.n + 4096);
    size_t n = as_redact_source(report->sources, file, near, hidden, MAX_REDACTIONS);
    as_buf text, run;

    if (secret)
        hidden[n++] = (as_redaction){secret->from - from, secret->to - from};
    as_buf_init(&text, arena, 0);
    as_buf_init(&run, arena, 0);
    if (lead > 0)
        as_buf_cstr(&text, "…");
    for (size_t at = 0; at < part.n;) {
        size_t begin = at;
        (void)as_utf8_next(part, &at);
        bool hides = as_redact_hides(hidden, n, lead - from + begin);
        if (part.p[begin] == '\t' && !hides)
            as_buf_cstr(&run, "    ");
        else if (hides)
            as_buf_char(&run, '*');
        else
            as_buf_str(&run, as_str_slice(part, begin, at));
    }
    as_terminal_text(&text, as_buf_view(&run));
    if (lead + part.n < line.n)
        as_buf_cstr(&text, "…");
    return as_buf_view(&text);
}

void as_excerpt_of(
        as_arena *arena, const as_report *report, as_span span, bool secret, as_excerpt *out)
{
    const as_source *source = as_sources_get(report->sources, span.file);

    out->n = 0;
    if (!source || source->absent)
        return;
    uint32_t first = as_sources_position(report->sources, span.file, span.begin).line;
    uint32_t last = as_sources_position(report->sources, span.file, span.end).line;
    uint32_t n_lines =
            as_sources_position(report->sources, span.file, (uint32_t)source->text.n).line;
    uint32_t number = first > BEFORE ? first - BEFORE : 1;

    for (; number <= last + AFTER && number <= n_lines && out->n < AS_EXCERPT_LINES; number++) {
        as_str line = as_sources_line(report->sources, span.file, number);
        size_t start = line.p ? (size_t)(line.p - source->text.p) : 0;
        size_t begin_at = span.begin > start ? span.begin - start : 0;
        size_t end_at = span.end > start ? span.end - start : 0;
        bool marked = number >= first && number <= last;
        if (!line.p)
            line = AS_STR("");
        if (end_at > line.n)
            end_at = line.n;
        /* Neighbours of an answer are other answers, and say nothing here. */
        if (!marked && as_str_ends(source->path, ".ndjson"))
            continue;
        as_redaction value = {0, 0};
        if (secret && marked && begin_at < end_at)
            value = as_redact_value(line, begin_at, end_at);
        out->lines[out->n++] = (as_excerpt_line){.number = number,
                .marked = marked,
                .text = shown(arena, report, span.file, line,
                        window(line, marked && begin_at < line.n ? begin_at : 0),
                        secret && marked && begin_at < end_at ? &value : NULL)};
    }
}

static as_live_answer read_answer(as_arena *arena, const as_source *source, as_str line)
{
    size_t begin = (size_t)(line.p - source->text.p);
    as_live_answer answer = {0};
    as_diags ignored;

    as_diags_init(&ignored, arena);
    const as_value *value = as_json_parse_range(arena, source, begin, begin + line.n, &ignored);
    if (ignored.n_errors > 0 || !as_value_is(as_value_get(value, AS_STR("op")), AS_STRING))
        return answer;
    as_snapshot_answer a = as_snapshot_answer_of(value);
    answer.op = a.op;
    answer.time = a.time;
    answer.sha256 = as_sha256_hex(arena, line);
    return answer;
}

bool as_excerpt_answer(as_arena *arena, as_map *seen, const as_report *report,
        const as_finding *finding, as_live_answer *out)
{
    as_span span = as_finding_span(finding);
    const as_source *source = as_sources_get(report->sources, span.file);

    if (!source || source->absent || !finding->entity || finding->entity->origin != AS_ORIGIN_LIVE)
        return false;
    uint32_t number = as_sources_position(report->sources, span.file, span.begin).line;
    as_str line = as_sources_line(report->sources, span.file, number);
    if (line.n == 0 || line.p[0] != '{')
        return false;
    as_str key = as_str_fmt(arena, "%u:%u", span.file, number);
    as_live_answer *known = as_map_get(seen, key);
    if (!known) {
        known = AS_NEW(arena, as_live_answer);
        *known = read_answer(arena, source, line);
        as_map_put(arena, seen, key, known);
    }
    *out = *known;
    return known->op.n > 0;
}

as_str as_excerpt_sha256(as_arena *arena, const as_source *source)
{
    return source->absent ? AS_STR("") : as_sha256_hex(arena, source->text);
}
