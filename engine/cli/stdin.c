#include "engine/cli/stdin.h"

#include "engine/base/file.h"
#include "parsers/detect/detect.h"

/* The first word of the first line that is no comment. */
static as_str first_word(as_str text)
{
    as_str line;

    while (as_str_split(&text, '\n', &line)) {
        line = as_str_trim(line);
        if (line.n == 0 || line.p[0] == '#' || as_str_starts(line, "//"))
            continue;
        size_t n = 0;
        while (n < line.n && ((line.p[n] >= 'a' && line.p[n] <= 'z') || line.p[n] == '_'))
            n++;
        /* A block goes on with a label or its body, a mapping with a colon. */
        return n < line.n && as_char_in(line.p[n], " \"{") ? as_str_slice(line, 0, n) : AS_STR("");
    }
    return AS_STR("");
}

static bool is_terraform(as_str text)
{
    static const char *const blocks[] = {"resource", "data", "variable", "output", "locals",
            "module", "provider", "terraform", "moved", "import", "removed", "check", "ephemeral",
            NULL};
    as_str word = first_word(text);

    for (size_t i = 0; blocks[i]; i++)
        if (as_str_is(word, blocks[i]))
            return true;
    return false;
}

static as_str guess_name(as_str text)
{
    as_str trimmed = as_str_trim(text), inside = as_str_trim(as_str_from_index(trimmed, 1));

    if (is_terraform(text))
        return AS_STR("stdin.tf");
    /* {a: 1} is YAML. */
    bool is_object = as_str_starts(trimmed, "{") &&
                     (as_str_starts(inside, "\"") || as_str_starts(inside, "}"));
    return is_object || as_str_starts(trimmed, "[") ? AS_STR("stdin.json") : AS_STR("stdin.yaml");
}

bool as_stdin_read(as_cli *cli, as_str name, as_memory_file *out)
{
    as_sources *sources = as_cli_sources(cli); /* the scan reads the text under the file's name */
    as_diags diags;
    as_str path = name;

    as_diags_init(&diags, cli->arena);
    const as_source *source = as_file_read(cli->arena, sources, "-", AS_STR(""), &diags);
    as_cli_print_diags(cli, sources, &diags);
    if (!source)
        return false;
    if (name.n > 0 && !as_path_join(cli->arena, AS_STR(""), name, &path)) {
        as_cli_usage_error(
                cli, "--stdin-name '%.*s': a relative path is expected", AS_STR_ARG(name));
        return false;
    }
    *out = (as_memory_file){path.n > 0 ? path : guess_name(source->text), source->text};
    return true;
}
