#include "engine/cli/options.h"

#include <limits.h>

static void fail(as_options_parser *parser, as_str problem)
{
    parser->problem = problem;
}

int as_choice_index(const char *const *choices, as_str word)
{
    for (int i = 0; choices[i]; i++)
        if (as_str_is(word, choices[i]))
            return i;
    return -1;
}

bool as_option_takes_file(const as_option *option)
{
    if (!option->placeholder)
        return false;
    as_str text = as_str_from(option->placeholder);
    return as_str_ends(text, "FILE") || as_str_ends(text, "DIR") || as_str_ends(text, "PATH");
}

as_str as_did_you_mean(as_str word, const as_str *candidates, size_t n)
{
    as_str best = AS_STR_NONE;
    size_t limit = word.n < 4 ? 1 : word.n < 8 ? 2 : 3, least = limit + 1;

    for (size_t i = 0; i < n; i++) {
        size_t distance = as_str_distance(word, candidates[i], limit);
        if (distance < least) {
            least = distance;
            best = candidates[i];
        }
    }
    return best;
}

static const as_option *find_in(const as_option *options, as_str name, char letter)
{
    for (const as_option *o = options; o && o->type != AS_OPTION_TYPE_END; o++) {
        if (o->type == AS_OPTION_TYPE_GROUP)
            continue;
        if (letter ? o->letter == letter : as_str_is(name, o->name))
            return o;
    }
    return NULL;
}

/* The option of either table, and the settings that it belongs to. */
static const as_option *find(
        const as_options_parser *parser, as_str name, char letter, void **settings)
{
    const as_option *option = find_in(parser->options, name, letter);

    *settings = parser->settings;
    if (!option) {
        option = find_in(parser->common, name, letter);
        *settings = parser->common_settings;
    }
    return option;
}

static void collect_names(as_arena *arena, as_str_list *names, const as_option *options)
{
    for (const as_option *o = options; o && o->type != AS_OPTION_TYPE_END; o++)
        if (o->type != AS_OPTION_TYPE_GROUP)
            AS_VEC_PUSH(arena, names, as_str_from(o->name));
}

static void fail_unknown(as_options_parser *parser, as_str name)
{
    as_str_list names = {0};

    collect_names(parser->arena, &names, parser->options);
    collect_names(parser->arena, &names, parser->common);
    AS_VEC_PUSH(parser->arena, &names, AS_STR("help"));

    as_str near = as_did_you_mean(name, names.items, names.n);
    as_str problem = as_str_fmt(parser->arena, "unknown option '--%.*s'", AS_STR_ARG(name));
    if (near.n > 0)
        problem = as_str_fmt(parser->arena, "%.*s; did you mean '--%.*s'?", AS_STR_ARG(problem),
                AS_STR_ARG(near));
    fail(parser, problem);
}

static void fail_choice(as_options_parser *parser, const as_option *option, as_str value)
{
    as_str_list choices = {0};
    as_buf buf;

    as_buf_init(&buf, parser->arena, 0);
    as_buf_fmt(&buf, "--%s: '%.*s' is not one of", option->name, AS_STR_ARG(value));
    for (size_t i = 0; option->choices[i]; i++) {
        as_buf_fmt(&buf, "%s %s", i > 0 ? "," : "", option->choices[i]);
        AS_VEC_PUSH(parser->arena, &choices, as_str_from(option->choices[i]));
    }
    as_str near = as_did_you_mean(value, choices.items, choices.n);
    if (near.n > 0)
        as_buf_fmt(&buf, "; did you mean '%.*s'?", AS_STR_ARG(near));
    fail(parser, as_buf_view(&buf));
}

/* Puts the value where the row says. */
static bool set(as_options_parser *parser, const as_option *option, void *settings, as_str value)
{
    char *member = (char *)settings + option->offset;
    int64_t number;
    int choice;

    switch (option->type) {
    case AS_OPTION_TYPE_FLAG: {
        bool yes = true;
        memcpy(member, &yes, sizeof yes);
        return true;
    }
    case AS_OPTION_TYPE_TEXT:
        memcpy(member, &value, sizeof value);
        return true;
    case AS_OPTION_TYPE_LIST: {
        as_str_list list;
        memcpy(&list, member, sizeof list);
        AS_VEC_PUSH(parser->arena, &list, value);
        memcpy(member, &list, sizeof list);
        return true;
    }
    case AS_OPTION_TYPE_INT:
        if (!as_str_to_int(value, &number) || number < 0 || number > INT_MAX) {
            fail(parser, as_str_fmt(parser->arena, "--%s: '%.*s' is not a whole number",
                                 option->name, AS_STR_ARG(value)));
            return false;
        }
        choice = (int)number;
        memcpy(member, &choice, sizeof choice);
        return true;
    case AS_OPTION_TYPE_ENUM:
        choice = as_choice_index(option->choices, value);
        if (choice < 0) {
            fail_choice(parser, option, value);
            return false;
        }
        memcpy(member, &choice, sizeof choice);
        return true;
    case AS_OPTION_TYPE_END:
    case AS_OPTION_TYPE_GROUP:
        break;
    }
    return false;
}

static bool fail_missing(as_options_parser *parser, const as_option *option)
{
    fail(parser, as_str_fmt(parser->arena, "option '--%s' needs a value (%s)", option->name,
                         option->placeholder));
    return false;
}

/* "--name", "--name=value"; *at moves past a value that is an argument of its own. */
static as_options_result parse_long(as_options_parser *parser, int argc, char **argv, int *at)
{
    as_str name = as_str_from(argv[*at] + 2), value = AS_STR_NONE;
    size_t equals = as_str_find_char(name, '=');
    bool attached = equals != (size_t)-1;
    void *settings;

    if (attached) {
        value = as_str_from_index(name, equals + 1);
        name = as_str_slice(name, 0, equals);
    }
    const as_option *option = find(parser, name, 0, &settings);
    if (!option) {
        if (as_str_is(name, "help") && !attached)
            return AS_OPTIONS_HELP;
        fail_unknown(parser, name);
        return AS_OPTIONS_ERROR;
    }
    if (option->type == AS_OPTION_TYPE_FLAG && attached) {
        fail(parser, as_str_fmt(parser->arena, "option '--%s' takes no value", option->name));
        return AS_OPTIONS_ERROR;
    }
    if (option->type != AS_OPTION_TYPE_FLAG && !attached) {
        if (*at + 1 >= argc)
            return fail_missing(parser, option), AS_OPTIONS_ERROR;
        value = as_str_from(argv[++*at]);
    }
    return set(parser, option, settings, value) ? AS_OPTIONS_OK : AS_OPTIONS_ERROR;
}

/* "-q", "-qv", "-nVALUE", "-n VALUE". */
static as_options_result parse_short(as_options_parser *parser, int argc, char **argv, int *at)
{
    for (const char *p = argv[*at] + 1; *p; p++) {
        void *settings;
        const as_option *option = find(parser, AS_STR_NONE, *p, &settings);
        as_str value = AS_STR_NONE;
        bool last = false;

        if (!option) {
            if (*p == 'h')
                return AS_OPTIONS_HELP;
            fail(parser, as_str_fmt(parser->arena, "unknown option '-%c'", *p));
            return AS_OPTIONS_ERROR;
        }
        if (option->type != AS_OPTION_TYPE_FLAG) {
            if (p[1])
                value = as_str_from(p + 1);
            else if (*at + 1 < argc)
                value = as_str_from(argv[++*at]);
            else
                return fail_missing(parser, option), AS_OPTIONS_ERROR;
            last = true;
        }
        if (!set(parser, option, settings, value))
            return AS_OPTIONS_ERROR;
        if (last)
            break;
    }
    return AS_OPTIONS_OK;
}

as_options_result as_options_parse(as_options_parser *parser, int argc, char **argv)
{
    bool only_arguments = false;

    for (int i = 0; i < argc; i++) {
        as_options_result result = AS_OPTIONS_OK;
        const char *word = argv[i];

        if (only_arguments || word[0] != '-' || !word[1]) {
            AS_VEC_PUSH(parser->arena, &parser->args, as_str_from(word));
            only_arguments |= parser->stop_at_argument;
        } else if (word[1] == '-' && !word[2]) {
            only_arguments = true;
        } else if (word[1] == '-') {
            result = parse_long(parser, argc, argv, &i);
        } else {
            result = parse_short(parser, argc, argv, &i);
        }
        if (result != AS_OPTIONS_OK)
            return result;
    }
    return AS_OPTIONS_OK;
}
