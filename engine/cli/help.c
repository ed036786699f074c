/* --help, generated from the tables of commands and options. */
#include "engine/cli/command.h"
#include "engine/base/utf8.h"

enum { HELP_COLUMN = 30, HELP_WIDTH = 96 };

/* Text wrapped between columns; the cursor stands at `column` already. */
static void wrap(as_buf *buf, as_str text, size_t indent, size_t column)
{
    as_str word;

    while (as_str_split(&text, ' ', &word)) {
        size_t width = as_utf8_count(word);
        if (column > indent && column + 1 + width > HELP_WIDTH) {
            as_buf_char(buf, '\n');
            as_buf_repeat(buf, ' ', indent);
            column = indent;
        } else if (column > indent) {
            as_buf_char(buf, ' ');
            column++;
        }
        as_buf_str(buf, word);
        column += width;
    }
    as_buf_char(buf, '\n');
}

/* "  -f, --format FORMAT" and beside it, or below when it is long, what it does. */
static void write_row(as_buf *buf, as_str left, as_str right)
{
    size_t width = 2 + as_utf8_count(left);

    as_buf_cstr(buf, "  ");
    as_buf_str(buf, left);
    if (width + 2 > HELP_COLUMN) {
        as_buf_char(buf, '\n');
        width = 0;
    }
    as_buf_repeat(buf, ' ', HELP_COLUMN - width);
    wrap(buf, right, HELP_COLUMN, HELP_COLUMN);
}

static void write_option(as_buf *buf, const as_option *option)
{
    as_buf left, right;

    as_buf_init(&left, buf->arena, 0);
    as_buf_init(&right, buf->arena, 0);
    if (option->letter)
        as_buf_fmt(&left, "-%c, --%s", option->letter, option->name);
    else
        as_buf_fmt(&left, "    --%s", option->name);
    if (option->placeholder)
        as_buf_fmt(&left, " %s", option->placeholder);

    as_buf_cstr(&right, option->help);
    if (option->choices) {
        as_buf_cstr(&right, ":");
        for (size_t i = 0; option->choices[i]; i++)
            as_buf_fmt(&right, "%s %s", i > 0 ? "," : "", option->choices[i]);
    }
    if (option->type == AS_OPTION_TYPE_LIST)
        as_buf_cstr(&right, " (repeatable)");
    write_row(buf, as_buf_view(&left), as_buf_view(&right));
}

static void write_options(as_buf *buf, const as_option *options, const char *heading)
{
    for (const as_option *o = options; o && o->type != AS_OPTION_TYPE_END; o++) {
        if (o->type == AS_OPTION_TYPE_GROUP) {
            as_buf_fmt(buf, "\n%s:\n", o->name);
            heading = NULL;
            continue;
        }
        if (heading)
            as_buf_fmt(buf, "\n%s:\n", heading);
        heading = NULL;
        write_option(buf, o);
    }
}

static void write_commands(as_buf *buf, const as_command *const *commands)
{
    as_buf_cstr(buf, "\nCommands:\n");
    for (size_t i = 0; commands[i]; i++) {
        if (!commands[i]->hidden)
            as_buf_fmt(buf, "  %-12s %s\n", commands[i]->name, commands[i]->summary);
    }
}

static void write_examples(as_buf *buf, const as_example *examples)
{
    if (!examples || !examples->line)
        return;
    as_buf_cstr(buf, "\nExamples:\n");
    for (const as_example *e = examples; e->line; e++)
        as_buf_fmt(buf, "  %s\n      %s\n", e->line, e->what);
}

static void write_description(as_buf *buf, const char *description)
{
    as_str rest = as_str_from(description), paragraph;

    while (as_str_split(&rest, '\n', &paragraph)) {
        if (as_str_starts(paragraph, " ")) { /* a table keeps its form */
            as_buf_str(buf, paragraph);
            as_buf_char(buf, '\n');
        } else {
            wrap(buf, paragraph, 0, 0);
        }
    }
}

static void write_program_help(as_buf *buf)
{
    as_buf_cstr(buf, "assay checks infrastructure code and what runs from it against rules.\n\n"
                     "Usage: assay COMMAND [OPTION…] [ARGUMENT…]\n");
    write_commands(buf, as_commands);
    as_buf_cstr(buf, "\nOptions:\n");
    write_row(buf, AS_STR("-h, --help"), AS_STR("this list; after a command, its options"));
    write_row(buf, AS_STR("-V, --version"),
            AS_STR("the version; with --verbose also of the libraries in use"));
    as_buf_cstr(buf, "\nExit codes: 0 nothing found; 1 findings; 2 usage, configuration or I/O "
                     "error;\n3 some input could not be read or evaluated.\n");
}

void as_help_write(as_buf *buf, const as_command *command, const char *path)
{
    if (!command) {
        write_program_help(buf);
        return;
    }
    as_buf_fmt(buf, "assay %s: %s\n\n", path, command->summary);

    as_str usage = as_str_from(command->usage), line;
    const char *lead = "Usage:";
    if (command->subcommands)
        as_buf_fmt(buf, "Usage: assay %s COMMAND [OPTION…] [ARGUMENT…]\n", path);
    while (!command->subcommands && as_str_split(&usage, '\n', &line)) {
        as_buf_fmt(buf, "%s assay %s %.*s\n", lead, path, AS_STR_ARG(line));
        lead = "      ";
    }
    if (command->description) {
        as_buf_char(buf, '\n');
        write_description(buf, command->description);
    }
    if (command->subcommands)
        write_commands(buf, command->subcommands);
    else
        write_options(buf, command->options, "Options");
    as_buf_cstr(buf, "\nCommon options:\n");
    write_options(buf, as_common_options, NULL);
    write_row(buf, AS_STR("-h, --help"), AS_STR("this text"));
    write_examples(buf, command->examples);
}
