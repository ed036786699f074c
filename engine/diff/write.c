#include "engine/diff/diff.h"

enum { MAX_LINE = 12, MAX_ROWS = 200 }; /* of permissions a line, of rows in text and Markdown */

static bool same_subject(const as_fact *a, const as_fact *b)
{
    return a->section == b->section && as_str_eq(a->subject, b->subject);
}

static size_t count(const as_facts *facts, as_diff_section section)
{
    size_t n = 0;
    for (size_t i = 0; i < facts->n; i++) {
        n += facts->items[i].section == section;
    }
    return n;
}

/* Names come from files; a line stays a line. */
static void add_name(as_buf *out, as_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        as_buf_char(out, text.p[i] == '\n' || text.p[i] == '\r' ? ' ' : text.p[i]);
    }
}

/* --- text ----------------------------------------------------------------------------------------
 */

static void add_place(as_buf *out, const as_fact *fact)
{
    if (fact->path.n > 0) {
        as_buf_fmt(out, " (%.*s:%u)", AS_STR_ARG(fact->path), fact->line);
    }
}

/* Permissions of one principal stand on one line. Returns how many facts it took. */
static size_t add_line(as_buf *out, const as_facts *facts, size_t i)
{
    const as_fact *fact = &facts->items[i];
    size_t n = 1;
    if (fact->section == AS_DIFF_FINDINGS) {
        as_buf_fmt(out, "%s ", as_severity_name(fact->severity));
    }
    add_name(out, fact->subject);
    as_buf_cstr(out, fact->section == AS_DIFF_PERMISSIONS ? " may " : " ");
    add_name(out, fact->text);
    if (fact->section == AS_DIFF_PERMISSIONS) {
        while (i + n < facts->n && same_subject(fact, &facts->items[i + n])) {
            if (n < MAX_LINE) {
                as_buf_cstr(out, ", ");
                add_name(out, facts->items[i + n].text);
            }
            n++;
        }
        if (n > MAX_LINE) {
            as_buf_fmt(out, " and %zu more", n - MAX_LINE);
        }
    }
    if (fact->unsure) {
        as_buf_cstr(out, " -- perhaps");
    }
    add_place(out, fact);
    return n;
}

static void text_side(as_buf *out, const as_facts *facts, as_diff_section section, char sign)
{
    for (size_t i = 0, rows = 0; i < facts->n;) {
        if (facts->items[i].section != section) {
            i++;
            continue;
        }
        if (++rows > MAX_ROWS) {
            as_buf_fmt(out, "  %c and more\n", sign);
            return;
        }
        as_buf_fmt(out, "  %c ", sign);
        i += add_line(out, facts, i);
        as_buf_char(out, '\n');
    }
}

void as_diff_write_text(as_buf *out, const as_diff *diff)
{
    bool any = false;
    for (as_diff_section s = 0; s < AS_N_DIFF_SECTIONS; s++) {
        if (count(&diff->opened, s) + count(&diff->closed, s) > 0) {
            as_buf_fmt(out, "%s\n", as_diff_section_name(s));
            text_side(out, &diff->opened, s, '+');
            text_side(out, &diff->closed, s, '-');
            any = true;
        }
    }
    if (!any) {
        as_buf_cstr(out, "nothing is opened or closed\n");
    }
}

/* --- Markdown ------------------------------------------------------------------------------------
 */

/* Names come from files: what Markdown or HTML would take for markup is escaped. */
static void add_escaped(as_buf *out, as_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '<') {
            as_buf_cstr(out, "&lt;");
        } else if (c == '&') {
            as_buf_cstr(out, "&amp;");
        } else if ((unsigned char)c < ' ') {
            as_buf_char(out, ' ');
        } else {
            if (c == '@') { /* would call somebody */
                as_buf_cstr(out, "&#64;");
                continue;
            }
            if (as_char_in(c, "\\`*_[]|#")) {
                as_buf_char(out, '\\');
            }
            as_buf_char(out, c);
        }
    }
}

static void markdown_side(
        as_buf *out, const as_facts *facts, as_diff_section section, const char *title)
{
    if (count(facts, section) == 0) {
        return;
    }
    as_buf_fmt(out, "\n**%s**\n\n", title);
    for (size_t i = 0, rows = 0; i < facts->n;) {
        if (facts->items[i].section != section) {
            i++;
            continue;
        }
        if (++rows > MAX_ROWS) {
            as_buf_cstr(out, "- and more\n");
            return;
        }
        as_buf line;
        as_buf_init(&line, out->arena, 0);
        i += add_line(&line, facts, i);
        as_buf_cstr(out, "- ");
        add_escaped(out, as_buf_view(&line));
        as_buf_char(out, '\n');
    }
}

void as_diff_write_markdown(as_buf *out, const as_diff *diff)
{
    as_buf_cstr(out, "## What this change opens and closes\n\n");
    if (diff->opened.n + diff->closed.n == 0) {
        as_buf_cstr(out, "Nothing.\n");
        return;
    }
    as_buf_cstr(out, "| | opened | closed |\n|---|---|---|\n");
    for (as_diff_section s = 0; s < AS_N_DIFF_SECTIONS; s++) {
        as_buf_fmt(out, "| %s | %zu | %zu |\n", as_diff_section_name(s), count(&diff->opened, s),
                count(&diff->closed, s));
    }
    for (as_diff_section s = 0; s < AS_N_DIFF_SECTIONS; s++) {
        if (count(&diff->opened, s) + count(&diff->closed, s) > 0) {
            as_buf_fmt(out, "\n### %s\n", as_diff_section_name(s));
            markdown_side(out, &diff->opened, s, "opened");
            markdown_side(out, &diff->closed, s, "closed");
        }
    }
}

/* --- JSON ----------------------------------------------------------------------------------------
 */

static void json_side(as_buf *out, const as_facts *facts, as_diff_section section, const char *name)
{
    bool first = true;
    as_buf_fmt(out, "\"%s\":[", name);
    for (size_t i = 0; i < facts->n; i++) {
        const as_fact *fact = &facts->items[i];
        if (fact->section != section) {
            continue;
        }
        as_buf_cstr(out, first ? "\n    {\"subject\":" : ",\n    {\"subject\":");
        first = false;
        as_buf_json_string(out, fact->subject);
        as_buf_cstr(out, ",\"text\":");
        as_buf_json_string(out, fact->text);
        if (section == AS_DIFF_FINDINGS) {
            as_buf_fmt(
                    out, ",\"severity\":\"%s\",\"fingerprint\":", as_severity_name(fact->severity));
            as_buf_json_string(out, as_str_from_index(fact->key, 2)); /* behind the severity */
        }
        as_buf_cstr(out, ",\"path\":");
        as_buf_json_string(out, fact->path);
        as_buf_fmt(out, ",\"line\":%u,\"unsure\":%s}", fact->line, fact->unsure ? "true" : "false");
    }
    as_buf_cstr(out, "]");
}

void as_diff_write_json(as_buf *out, const as_diff *diff)
{
    as_buf_cstr(out, "{\n  \"from\":");
    as_buf_json_string(out, diff->from);
    as_buf_cstr(out, ",\n  \"to\":");
    as_buf_json_string(out, diff->to);
    for (as_diff_section s = 0; s < AS_N_DIFF_SECTIONS; s++) {
        as_buf_fmt(out, ",\n  \"%s\":{", as_diff_section_name(s));
        json_side(out, &diff->opened, s, "opened");
        as_buf_char(out, ',');
        json_side(out, &diff->closed, s, "closed");
        as_buf_char(out, '}');
    }
    as_buf_cstr(out, "\n}\n");
}
