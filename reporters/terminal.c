#include "reporters/terminal.h"

#include <stdio.h>

#include "engine/base/fs.h"
#include "engine/base/limits.h"
#include "engine/base/utf8.h"
#include "reporters/redact.h"

enum { TAB_WIDTH = 4, MAX_LINE = 160, MAX_REDACTIONS = 16 };

static const char *const paints[] = {
        [AS_PAINT_NONE] = "",
        [AS_PAINT_BOLD] = "1",
        [AS_PAINT_DIM] = "2",
        [AS_PAINT_RED] = "1;31",
        [AS_PAINT_GREEN] = "32",
        [AS_PAINT_YELLOW] = "33",
        [AS_PAINT_BLUE] = "34",
        [AS_PAINT_MAGENTA] = "35",
        [AS_PAINT_CYAN] = "36",
        [AS_PAINT_BADGE] = "1;37;41",
};

/* Characters that reorder or hide what follows: a file must not show other text than it holds
 * ("Trojan Source", CVE-2021-42574). */
static bool is_invisible(uint32_t rune)
{
    return (rune >= 0x202a && rune <= 0x202e) || (rune >= 0x2066 && rune <= 0x2069) ||
           (rune >= 0x200b && rune <= 0x200f) || rune == 0x2028 || rune == 0x2029 ||
           rune == 0x061c || rune == 0xfeff || (rune >= 0xe0000 && rune <= 0xe007f);
}

/* Adds one character; returns the columns that it takes. */
static size_t add_rune(as_buf *buf, as_str text, size_t *at)
{
    size_t width = as_utf8_width(text, *at), from = *at;
    char shown[16];

    if (width == 0) {
        snprintf(shown, sizeof shown, "\\x%02x", (unsigned char)text.p[(*at)++]);
        as_buf_cstr(buf, shown);
        return strlen(shown);
    }
    uint32_t rune = as_utf8_next(text, at);
    if (rune == '\n')
        snprintf(shown, sizeof shown, "\\n");
    else if (rune == '\t')
        snprintf(shown, sizeof shown, " ");
    else if (rune < 0x20 || (rune >= 0x7f && rune < 0xa0))
        snprintf(shown, sizeof shown, "\\x%02x", rune);
    else if (is_invisible(rune))
        snprintf(shown, sizeof shown, "\\u{%04x}", rune);
    else {
        as_buf_add(buf, text.p + from, width);
        return 1;
    }
    as_buf_cstr(buf, shown);
    return strlen(shown);
}

static bool is_plain(char c)
{
    return c >= ' ' && c < 0x7f;
}

/* Most is plain, and added as it stands. */
void as_terminal_text(as_buf *buf, as_str text)
{
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        while (at < text.n && is_plain(text.p[at]))
            at++;
        as_buf_add(buf, text.p + from, at - from);
        if (at < text.n)
            add_rune(buf, text, &at);
    }
}

as_str as_terminal_lines(as_arena *arena, as_str text)
{
    as_buf buf;
    as_str line;

    as_buf_init(&buf, arena, AS_MAX_UNIT_BYTES);
    text.n -= as_str_ends(text, "\n");
    while (as_str_split(&text, '\n', &line)) {
        as_terminal_text(&buf, line);
        as_buf_char(&buf, '\n');
    }
    return as_buf_view(&buf);
}

static void begin(as_buf *buf, const as_terminal *terminal, as_paint paint)
{
    if (terminal->color && paint != AS_PAINT_NONE)
        as_buf_fmt(buf, "\033[%sm", paints[paint]);
}

static void end(as_buf *buf, const as_terminal *terminal, as_paint paint)
{
    if (terminal->color && paint != AS_PAINT_NONE)
        as_buf_cstr(buf, "\033[0m");
}

void as_terminal_paint(as_buf *buf, const as_terminal *terminal, as_paint paint, as_str text)
{
    begin(buf, terminal, paint);
    as_terminal_text(buf, text);
    end(buf, terminal, paint);
}

void as_terminal_path(as_buf *buf, const as_terminal *terminal, as_paint paint, as_str path)
{
    as_str here = terminal->here, prefix = terminal->path_prefix;

    if (here.n > 0 && path.n > here.n && as_str_eq(as_str_slice(path, 0, here.n), here)) {
        path = as_str_from_index(path, here.n);
        prefix = AS_STR("");
    }
    as_terminal_paint(buf, terminal, paint, as_path_prefixed(buf->arena, prefix, path));
}

void as_terminal_place(as_buf *buf, const as_terminal *terminal, as_span span)
{
    const as_source *source =
            terminal->sources ? as_sources_get(terminal->sources, span.file) : NULL;

    if (!source)
        return;
    as_position at = as_sources_position(terminal->sources, span.file, span.begin);
    as_terminal_path(buf, terminal, AS_PAINT_NONE, source->path);
    as_buf_fmt(buf, ":%u:%u", at.line, at.column);
}

static size_t digits(uint32_t n)
{
    size_t count = 1;

    while (n >= 10) {
        n /= 10;
        count++;
    }
    return count;
}

static void gutter(as_buf *buf, const as_terminal *terminal, size_t width, const char *number)
{
    as_buf_repeat(buf, ' ', 1 + width - strlen(number));
    begin(buf, terminal, AS_PAINT_BLUE);
    as_buf_fmt(buf, "%s |", number);
    end(buf, terminal, AS_PAINT_BLUE);
}

/* What of a line is shown, and where the carets stand below it, in columns. */
typedef struct excerpt_line {
    as_buf text;
    size_t from, to;
    as_redaction hidden[MAX_REDACTIONS + 1];
    size_t n_hidden;
} excerpt_line;

/* Lays out the line; `begin_at` and `end_at` are byte offsets in it. A very long line is cut around
 * the span. */
static void lay_out(excerpt_line *out, as_str line, size_t begin_at, size_t end_at)
{
    size_t column = 0, at = 0;

    if (line.n > MAX_LINE && begin_at > MAX_LINE / 2) {
        at = begin_at - MAX_LINE / 4;
        while (at < begin_at && ((unsigned char)line.p[at] & 0xc0) == 0x80)
            at++;
        as_buf_cstr(&out->text, "…");
        column = 1;
    }
    while (at < line.n && column < MAX_LINE) {
        if (at <= begin_at)
            out->from = column;
        if (line.p[at] == '\t') {
            size_t n = TAB_WIDTH - column % TAB_WIDTH;
            as_buf_repeat(&out->text, ' ', n);
            column += n;
            at++;
        } else if (as_redact_hides(out->hidden, out->n_hidden, at)) {
            (void)as_utf8_next(line, &at);
            as_buf_char(&out->text, '*');
            column++;
        } else {
            column += add_rune(&out->text, line, &at);
        }
        if (at <= end_at)
            out->to = column;
    }
    if (at < line.n)
        as_buf_cstr(&out->text, "…");
    if (begin_at >= line.n)
        out->from = column;
    if (out->to <= out->from)
        out->to = out->from + 1;
}

/* What of a line can be shown: of a very long one a stretch around the span. */
static as_str window(as_str line, size_t begin_at)
{
    size_t from = begin_at > 2 * MAX_LINE ? begin_at - MAX_LINE : 0;

    while (from > 0 && from < line.n && ((unsigned char)line.p[from] & 0xc0) == 0x80)
        from--;
    return as_str_slice(line, from, begin_at + 4 * MAX_LINE);
}

void as_terminal_excerpt(
        as_buf *buf, const as_terminal *terminal, as_span span, as_paint paint, as_str label)
{
    if (!terminal->sources || !as_sources_get(terminal->sources, span.file))
        return;
    const as_source *source = as_sources_get(terminal->sources, span.file);
    as_position at = as_sources_position(terminal->sources, span.file, span.begin);
    as_str line = as_sources_line(terminal->sources, span.file, at.line);
    excerpt_line shown = {.from = 0, .to = 0};
    char number[16];

    as_buf_init(&shown.text, buf->arena, 0);
    size_t start = (size_t)(line.p - source->text.p);
    line = window(line, span.begin > start ? span.begin - start : 0);
    start = (size_t)(line.p - source->text.p);
    size_t begin_at = span.begin > start ? span.begin - start : 0;
    size_t end_at = span.end > start ? span.end - start : 0;
    if (end_at > line.n)
        end_at = line.n;
    shown.n_hidden =
            as_redact_source(terminal->sources, span.file, line, shown.hidden, MAX_REDACTIONS);
    if (terminal->hide_span)
        shown.hidden[shown.n_hidden++] = as_redact_value(line, begin_at, end_at);
    lay_out(&shown, line, begin_at, end_at);

    snprintf(number, sizeof number, "%u", at.line);
    size_t width = digits(at.line) < 3 ? 3 : digits(at.line);
    gutter(buf, terminal, width, "");
    as_buf_char(buf, '\n');
    gutter(buf, terminal, width, number);
    as_buf_char(buf, ' ');
    as_buf_str(buf, as_buf_view(&shown.text));
    as_buf_char(buf, '\n');
    gutter(buf, terminal, width, "");
    as_buf_repeat(buf, ' ', 1 + shown.from);
    begin(buf, terminal, paint);
    as_buf_repeat(buf, '^', shown.to - shown.from);
    if (label.n > 0)
        as_buf_char(buf, ' ');
    as_terminal_text(buf, label);
    end(buf, terminal, paint);
    as_buf_char(buf, '\n');
}

static void note(as_buf *buf, const as_terminal *terminal, as_str line)
{
    as_terminal_paint(buf, terminal, AS_PAINT_BLUE, AS_STR("    = "));
    as_terminal_text(buf, as_str_trim(line));
    as_buf_char(buf, '\n');
}

void as_terminal_diag(as_buf *buf, const as_terminal *terminal, const as_diag *diag)
{
    static const struct {
        const char *name;
        as_paint paint;
    } kinds[] = {
            [AS_DIAG_NOTE] = {"note", AS_PAINT_CYAN},
            [AS_DIAG_WARNING] = {"warning", AS_PAINT_YELLOW},
            [AS_DIAG_ERROR] = {"error", AS_PAINT_RED},
    };
    as_paint paint = kinds[diag->severity].paint;

    as_terminal_paint(buf, terminal, paint,
            as_str_fmt(buf->arena, "%s[%s]", kinds[diag->severity].name, diag->code));
    as_buf_cstr(buf, ": ");
    as_str rest = diag->summary, line = AS_STR_NONE; /* further lines come below */
    (void)as_str_split(&rest, '\n', &line);
    as_terminal_paint(buf, terminal, AS_PAINT_BOLD, line);
    as_buf_char(buf, '\n');
    if (diag->span.file != 0) {
        as_terminal_paint(buf, terminal, AS_PAINT_BLUE, AS_STR("  --> "));
        as_terminal_place(buf, terminal, diag->span);
        as_buf_char(buf, '\n');
        as_terminal_excerpt(buf, terminal, diag->span, paint, AS_STR_NONE);
    } else if (diag->path.n > 0) {
        as_terminal_paint(buf, terminal, AS_PAINT_BLUE, AS_STR("  --> "));
        as_terminal_path(buf, terminal, AS_PAINT_NONE, diag->path);
        as_buf_char(buf, '\n');
    }
    while (as_str_split(&rest, '\n', &line))
        note(buf, terminal, line);
    rest = diag->detail;
    while (diag->detail.n > 0 && as_str_split(&rest, '\n', &line))
        note(buf, terminal, line);
}
