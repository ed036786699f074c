#include "reporters/rule_text.h"

#include "reporters/common.h"
#include "reporters/terminal.h"

/* Markdown is read well enough as it is; only its lines are made safe. */
static void paragraph(as_buf *buf, const as_terminal *terminal, const char *heading, as_str text)
{
    as_str line, rest = as_str_trim(text);

    if (rest.n == 0)
        return;
    as_buf_char(buf, '\n');
    if (*heading) {
        as_terminal_paint(buf, terminal, AS_PAINT_BOLD, as_str_from(heading));
        as_buf_char(buf, '\n');
    }
    while (as_str_split(&rest, '\n', &line)) {
        as_buf_cstr(buf, line.n > 0 ? "  " : "");
        as_terminal_text(buf, line);
        as_buf_char(buf, '\n');
    }
}

static void row(as_buf *buf, const char *name, as_str text)
{
    if (text.n == 0)
        return;
    as_buf_fmt(buf, "  %-12s ", name);
    as_terminal_text(buf, text);
    as_buf_char(buf, '\n');
}

/* "CKV_AWS_20, CKV_AWS_150 (deletion)" */
static as_str aliases(as_arena *arena, const as_rule *rule)
{
    as_buf buf;

    as_buf_init(&buf, arena, 0);
    for (size_t i = 0; i < rule->n_aliases; i++) {
        const as_alias *alias = &rule->aliases[i];
        as_buf_fmt(&buf, "%s%.*s", i > 0 ? ", " : "", AS_STR_ARG(alias->id));
        if (alias->fail_case.n > 0)
            as_buf_fmt(&buf, " (%.*s)", AS_STR_ARG(alias->fail_case));
    }
    return as_buf_view(&buf);
}

void as_rule_text(as_buf *buf, const as_rule *rule, bool color)
{
    as_terminal terminal = {.color = color};

    as_terminal_paint(buf, &terminal, AS_PAINT_BOLD, rule->id);
    as_buf_cstr(buf, "  ");
    as_terminal_text(buf, rule->title);
    as_buf_cstr(buf, "\n\n");
    row(buf, "severity", as_str_from(as_severity_name(rule->severity)));
    row(buf, "category", rule->category);
    row(buf, "for", as_strs_join(buf->arena, rule->targets, ", "));
    row(buf, "aliases", aliases(buf->arena, rule));
    row(buf, "frameworks", as_strs_join(buf->arena, rule->frameworks, ", "));
    row(buf, "file", rule->file);
    paragraph(buf, &terminal, "", rule->description);
    paragraph(buf, &terminal, "What to do", rule->remediation);
    paragraph(buf, &terminal, "See", as_strs_join(buf->arena, rule->references, "\n"));
    as_buf_char(buf, '\n');
}
