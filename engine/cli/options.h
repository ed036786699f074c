/* Command-line options as a table, in the manner of git's parse-options: one row an option yields
 * parsing, --help and the shells' completions.
 *
 * A command keeps its settings in one struct; each row names the member that it sets, and the row's
 * type is checked against the member's when compiling:
 *
 *     typedef struct settings { bool quiet; as_str config; as_str_list vars; int color; } settings;
 *     static const as_option options[] = {
 *             AS_OPTION_GROUP("Output"),
 *             AS_OPTION_FLAG(settings, quiet, 'q', "quiet", "print findings only"),
 *             AS_OPTION_ENUM(settings, color, 0, "color", "WHEN", when, "use colours"),
 *             AS_OPTION_TEXT(settings, config, 0, "config", "FILE", "the configuration"),
 *             AS_OPTION_LIST(settings, vars, 0, "var", "NAME=VALUE", "set a variable"),
 *             AS_OPTION_END};
 *
 * Accepted: --name VALUE, --name=VALUE, -n VALUE, -nVALUE, bundled flags (-qv), and "--", after
 * which everything is an argument; "-" is an argument. Of an option that is given twice the last
 * wins, lists grow. A placeholder that is FILE, DIR or PATH, or ends in =FILE, is completed with
 * file names. */
#ifndef AS_CLI_OPTIONS_H
#define AS_CLI_OPTIONS_H

#include "engine/base/buf.h"
#include "engine/base/vec.h"

typedef AS_VEC(as_str) as_str_list;

typedef enum as_option_type {
    AS_OPTION_TYPE_END,
    AS_OPTION_TYPE_GROUP, /* a heading of --help */
    AS_OPTION_TYPE_FLAG,  /* bool */
    AS_OPTION_TYPE_INT,   /* int, not negative */
    AS_OPTION_TYPE_TEXT,  /* as_str */
    AS_OPTION_TYPE_ENUM,  /* int: index into choices */
    AS_OPTION_TYPE_LIST,  /* as_str_list */
} as_option_type;

typedef struct as_option {
    as_option_type type;
    char letter;      /* 0: none */
    const char *name; /* without the dashes; of a group its heading */
    const char *placeholder;
    const char *const
            *choices; /* NULL-terminated; of a text or list only for help and completion */
    size_t offset;    /* of the member in the settings */
    const char *help; /* "(default: …)" included */
} as_option;

/* The member's offset, provided that it has the type. */
#define AS_OPTION_AT(S, member, T) _Generic(&((S *)0)->member, T * : offsetof(S, member))

#define AS_OPTION_GROUP(heading)                                                                   \
    {                                                                                              \
        AS_OPTION_TYPE_GROUP, 0, heading, NULL, NULL, 0, NULL                                      \
    }
#define AS_OPTION_FLAG(S, member, letter, name, help)                                              \
    {                                                                                              \
        AS_OPTION_TYPE_FLAG, letter, name, NULL, NULL, AS_OPTION_AT(S, member, bool), help         \
    }
#define AS_OPTION_INT(S, member, letter, name, placeholder, help)                                  \
    {                                                                                              \
        AS_OPTION_TYPE_INT, letter, name, placeholder, NULL, AS_OPTION_AT(S, member, int), help    \
    }
#define AS_OPTION_TEXT(S, member, letter, name, placeholder, help)                                 \
    {                                                                                              \
        AS_OPTION_TYPE_TEXT, letter, name, placeholder, NULL, AS_OPTION_AT(S, member, as_str),     \
                help                                                                               \
    }
#define AS_OPTION_ENUM(S, member, letter, name, placeholder, choices, help)                        \
    {                                                                                              \
        AS_OPTION_TYPE_ENUM, letter, name, placeholder, choices, AS_OPTION_AT(S, member, int),     \
                help                                                                               \
    }
#define AS_OPTION_LIST(S, member, letter, name, placeholder, help)                                 \
    {                                                                                              \
        AS_OPTION_TYPE_LIST, letter, name, placeholder, NULL,                                      \
                AS_OPTION_AT(S, member, as_str_list), help                                         \
    }
#define AS_OPTION_LIST_OF(S, member, letter, name, placeholder, choices, help)                     \
    {                                                                                              \
        AS_OPTION_TYPE_LIST, letter, name, placeholder, choices,                                   \
                AS_OPTION_AT(S, member, as_str_list), help                                         \
    }
#define AS_OPTION_END                                                                              \
    {                                                                                              \
        AS_OPTION_TYPE_END, 0, NULL, NULL, NULL, 0, NULL                                           \
    }

typedef enum as_options_result {
    AS_OPTIONS_OK,
    AS_OPTIONS_HELP,  /* --help or -h was met */
    AS_OPTIONS_ERROR, /* *problem says what is wrong */
} as_options_result;

/* Parses argv[0 … argc) by both tables (either may be NULL): the command's into `settings`, those
 * that every command has into `common_settings`. What is no option goes to *args. With
 * `stop_at_argument` parsing ends at the first argument, and *args holds it and all that follows
 * (for commands with subcommands). */
typedef struct as_options_parser {
    as_arena *arena;
    const as_option *options;
    void *settings;
    const as_option *common;
    void *common_settings;
    bool stop_at_argument;
    as_str_list args;
    as_str problem;
} as_options_parser;

as_options_result as_options_parse(as_options_parser *parser, int argc, char **argv) AS_MUST_CHECK;

/* The nearest of the candidates, when it is near enough to be what was meant; else "". */
as_str as_did_you_mean(as_str word, const as_str *candidates, size_t n);

bool as_option_takes_file(const as_option *option);
/* Index of `word` in a NULL-terminated list; -1 when it is not there. */
int as_choice_index(const char *const *choices, as_str word);

#endif
