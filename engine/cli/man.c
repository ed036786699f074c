/* Manual pages, generated from the tables of commands and options like --help: man(7). */
#include "engine/base/utf8.h"
#include "engine/cli/command.h"
#include "engine/cli/version.h"

/* Text of a page: a line must not begin with a control character, and "-" is a minus that can be
 * copied. */
static void write_text(as_buf *out, as_str text)
{
    bool begins = true;

    for (size_t i = 0; i < text.n;) {
        uint32_t c = as_utf8_next(text, &i);
        if (begins && (c == '.' || c == '\''))
            as_buf_cstr(out, "\\&");
        begins = c == '\n';
        if (c == '\\')
            as_buf_cstr(out, "\\e");
        else if (c == '-')
            as_buf_cstr(out, "\\-");
        else if (c >= 0x80)
            as_buf_fmt(out, "\\[u%04X]", c);
        else
            as_buf_char(out, (char)c);
    }
}

static void write_cstr(as_buf *out, const char *text)
{
    write_text(out, as_str_from(text));
}

/* "rules list" → "assay-rules-list" */
static void write_name(as_buf *out, const char *path)
{
    as_buf_cstr(out, "assay");
    if (path[0] != '\0')
        as_buf_cstr(out, "\\-");
    for (const char *p = path; *p != '\0'; p++) {
        if (*p == ' ' || *p == '-')
            as_buf_cstr(out, "\\-");
        else
            as_buf_char(out, *p);
    }
}

static void write_head(as_buf *out, const char *path, const char *summary)
{
    as_buf_cstr(out, ".TH \"");
    for (const char *p = "ASSAY"; *p != '\0'; p++)
        as_buf_char(out, *p);
    for (const char *p = path; *p != '\0'; p++) {
        if (p == path)
            as_buf_cstr(out, "\\-");
        as_buf_char(out, *p == ' ' ? '-' : (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p));
    }
    as_buf_cstr(out, "\" 1 \"\" \"assay " AS_VERSION "\" \"assay\"\n.SH NAME\n");
    write_name(out, path);
    as_buf_cstr(out, " \\- ");
    write_cstr(out, summary);
    as_buf_char(out, '\n');
}

static void write_options(as_buf *out, const as_option *options)
{
    for (const as_option *o = options; o && o->type != AS_OPTION_TYPE_END; o++) {
        if (o->type == AS_OPTION_TYPE_GROUP) {
            as_buf_cstr(out, ".SS ");
            write_cstr(out, o->name);
            as_buf_char(out, '\n');
            continue;
        }
        as_buf_cstr(out, ".TP\n");
        if (o->letter)
            as_buf_fmt(out, "\\fB\\-%c\\fR, ", o->letter);
        as_buf_cstr(out, "\\fB\\-\\-");
        write_cstr(out, o->name);
        as_buf_cstr(out, "\\fR");
        if (o->placeholder) {
            as_buf_cstr(out, " \\fI");
            write_cstr(out, o->placeholder);
            as_buf_cstr(out, "\\fR");
        }
        as_buf_char(out, '\n');
        write_cstr(out, o->help);
        for (size_t i = 0; o->choices && o->choices[i]; i++) {
            as_buf_cstr(out, i > 0 ? ", " : ": ");
            write_cstr(out, o->choices[i]);
        }
        as_buf_cstr(out, o->type == AS_OPTION_TYPE_LIST ? " (repeatable)\n" : "\n");
    }
}

/* Paragraphs; lines that begin with a blank are a table and stay as they are. */
static void write_description(as_buf *out, const char *description)
{
    as_str rest = as_str_from(description), line;
    bool table = false;

    as_buf_cstr(out, ".SH DESCRIPTION\n");
    while (as_str_split(&rest, '\n', &line)) {
        bool row = as_str_starts(line, " ");
        if (row != table)
            as_buf_cstr(out, row ? ".nf\n" : ".fi\n");
        table = row;
        if (line.n == 0) {
            as_buf_cstr(out, ".PP\n");
            continue;
        }
        write_text(out, line);
        as_buf_char(out, '\n');
    }
    as_buf_cstr(out, table ? ".fi\n" : "");
}

static void write_commands(as_buf *out, const as_command *const *commands, const char *path)
{
    as_buf_cstr(out, ".SH COMMANDS\n");
    for (size_t i = 0; commands[i]; i++) {
        if (commands[i]->hidden)
            continue;
        as_buf_cstr(out, ".TP\n\\fB");
        as_buf_cstr(out, "assay ");
        if (path[0] != '\0') {
            write_cstr(out, path);
            as_buf_char(out, ' ');
        }
        write_cstr(out, commands[i]->name);
        as_buf_cstr(out, "\\fR\n");
        write_cstr(out, commands[i]->summary);
        as_buf_char(out, '\n');
    }
}

static void write_examples(as_buf *out, const as_example *examples)
{
    if (!examples || !examples->line)
        return;
    as_buf_cstr(out, ".SH EXAMPLES\n");
    for (const as_example *e = examples; e->line; e++) {
        as_buf_cstr(out, ".TP\n\\fB");
        write_cstr(out, e->line);
        as_buf_cstr(out, "\\fR\n");
        write_cstr(out, e->what);
        as_buf_char(out, '\n');
    }
}

static void write_tail(as_buf *out)
{
    as_buf_cstr(out,
            ".SH EXIT STATUS\n"
            ".TP\n0\nnothing found\n.TP\n1\nfindings\n.TP\n2\nusage, configuration or I/O error\n"
            ".TP\n3\nsome input could not be read or evaluated\n"
            ".SH ENVIRONMENT\n.TP\n\\fBNO_COLOR\\fR\nno colours, whatever its value\n"
            ".TP\n\\fBASSAY_CACHE_DIR\\fR\nwhere results of scans are kept, in place of "
            "~/.cache/assay/results; empty: nowhere\n"
            ".TP\n\\fBSOURCE_DATE_EPOCH\\fR\nstands in for the clock\n");
}

static void write_synopsis(as_buf *out, const as_command *command, const char *path)
{
    as_str usage = as_str_from(command ? command->usage : "COMMAND [OPTION…] [ARGUMENT…]"), line;

    if (command && command->subcommands)
        usage = AS_STR("COMMAND [OPTION…] [ARGUMENT…]");
    as_buf_cstr(out, ".SH SYNOPSIS\n");
    do {
        bool more = as_str_split(&usage, '\n', &line);
        as_buf_cstr(out, ".br\n\\fBassay");
        if (path[0] != '\0') {
            as_buf_char(out, ' ');
            write_cstr(out, path);
        }
        as_buf_cstr(out, "\\fR ");
        write_text(out, more ? line : AS_STR(""));
        as_buf_char(out, '\n');
    } while (usage.n > 0);
}

void as_man_write(as_buf *out, const as_command *command, const char *path)
{
    write_head(out, path,
            command ? command->summary
                    : "checks infrastructure code and what runs from it against rules");
    write_synopsis(out, command, path);
    if (command && command->description)
        write_description(out, command->description);
    if (!command || command->subcommands)
        write_commands(out, command ? command->subcommands : as_commands, path);
    else if (command->options) {
        as_buf_cstr(out, ".SH OPTIONS\n");
        write_options(out, command->options);
    }
    as_buf_cstr(out, ".SS Common options\n");
    write_options(out, as_common_options);
    if (command)
        write_examples(out, command->examples);
    write_tail(out);
}
