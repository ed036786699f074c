#include "parsers/live/aws/profile.h"

#include <stdlib.h>

#include "engine/base/file.h"

bool as_aws_file(as_arena *arena, as_str path, as_str *text)
{
    as_sources *sources = as_sources_new();
    as_diags ignored;

    as_diags_init(&ignored, arena);
    const as_source *source =
            sources ? as_file_read(arena, sources, as_str_cstr(arena, path), AS_STR(""), &ignored)
                    : NULL;
    bool fine = source && source->text.n <= 1 << 20;
    if (fine)
        *text = as_str_dup(arena, source->text);
    as_sources_free(sources);
    return fine;
}

as_str as_aws_home_path(as_arena *arena, const char *below)
{
    const char *home = getenv("HOME");

    return as_str_fmt(arena, "%s/%s", home ? home : "", below);
}

static as_map *section_of(as_arena *arena, as_map *sections, as_str name)
{
    as_map *found = as_map_get(sections, name);

    if (!found) {
        found = AS_NEW(arena, as_map);
        as_map_put(arena, sections, as_str_dup(arena, name), found);
    }
    return found;
}

/* "[profile prod]", "[sso-session corp]", "[default]"; in the credentials file "[prod]". */
static as_map *begin_section(
        as_arena *arena, as_aws_profiles *profiles, as_str line, bool is_config)
{
    size_t close = as_str_find_char(line, ']');
    as_str name = as_str_trim(as_str_slice(line, 1, close));

    if (close == (size_t)-1)
        return NULL;
    if (!is_config || as_str_is(name, "default"))
        return section_of(arena, &profiles->profiles, name);
    size_t blank = as_str_find_char(name, ' ');
    as_str word = as_str_slice(name, 0, blank);
    as_str rest = blank == (size_t)-1 ? AS_STR("") : as_str_trim(as_str_from_index(name, blank));
    if (rest.n > 1 && rest.p[0] == '"' && as_str_ends(rest, "\""))
        rest = as_str_slice(rest, 1, rest.n - 1);
    if (as_str_is(word, "profile") && rest.n > 0)
        return section_of(arena, &profiles->profiles, rest);
    return as_str_is(word, "sso-session") && rest.n > 0
                   ? section_of(arena, &profiles->sessions, rest)
                   : NULL;
}

void as_aws_profiles_add(as_arena *arena, as_aws_profiles *profiles, as_str text, bool is_config)
{
    as_map *section = NULL;
    as_str line;

    while (text.n > 0 && as_str_split(&text, '\n', &line)) {
        bool nested = as_str_starts(line, " ") || as_str_starts(line, "\t");
        line = as_str_trim(line);
        if (line.n == 0 || line.p[0] == '#' || line.p[0] == ';')
            continue;
        if (line.p[0] == '[') {
            section = begin_section(arena, profiles, line, is_config);
            continue;
        }
        size_t equals = as_str_find_char(line, '=');
        if (!section || nested || equals == (size_t)-1)
            continue;
        as_str value = as_str_from_index(line, equals + 1);
        size_t comment = as_str_find(value, AS_STR(" #"));
        as_str *kept = AS_NEW(arena, as_str);
        *kept = as_str_trim(as_str_slice(value, 0, comment));
        as_map_put(arena, section, as_str_lower(arena, as_str_trim(as_str_slice(line, 0, equals))),
                kept);
    }
}

static void read_file(as_arena *arena, as_aws_profiles *profiles, const char *variable,
        const char *usual, bool is_config)
{
    const char *named = getenv(variable);
    as_str text;

    if (as_aws_file(arena, named && *named ? as_str_from(named) : as_aws_home_path(arena, usual),
                &text))
        as_aws_profiles_add(arena, profiles, text, is_config);
}

as_aws_profiles *as_aws_profiles_read(as_arena *arena)
{
    as_aws_profiles *profiles = AS_NEW(arena, as_aws_profiles);

    read_file(arena, profiles, "AWS_CONFIG_FILE", ".aws/config", true);
    read_file(arena, profiles, "AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials", false);
    return profiles;
}

as_str as_aws_setting(const as_map *section, const char *key)
{
    const as_str *found = section ? as_map_get(section, as_str_from(key)) : NULL;

    return found ? *found : AS_STR("");
}
