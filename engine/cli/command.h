/* A command of the program: one file cmd_NAME.c that defines as_command_NAME, and one line
 * AS_COMMAND(NAME) in commands.def. Dispatch, --help and completions follow from the struct. */
#ifndef AS_CLI_COMMAND_H
#define AS_CLI_COMMAND_H

#include "engine/base/diag.h"
#include "engine/cli/options.h"

/* What the process answers; only main.c hands it to the system. */
typedef enum as_exit {
    AS_EXIT_OK = 0,
    AS_EXIT_FINDINGS = 1, /* something at or above --fail-on */
    AS_EXIT_ERROR = 2,    /* usage, configuration, input or output */
    AS_EXIT_PARTIAL = 3,  /* some input could not be read or evaluated, and nothing failed */
} as_exit;

typedef struct as_command as_command;

/* One run of a command. Lives in `arena`, which dies when the command has returned. */
typedef struct as_cli {
    as_arena *arena;
    const as_command *command;
    const char *path; /* "rules list": as typed, for messages */
    void *settings;   /* of command->settings_size bytes, filled by the option table */
    as_str_list args; /* what was no option */
    bool color_out, color_err;
    int argc;
    char **argv;                      /* all of it */
    struct as_transcript *transcript; /* what is written is kept there too; or NULL */
} as_cli;

typedef struct as_example {
    const char *line; /* "assay scan infra/"; NULL ends the list */
    const char *what; /* "check everything below infra/" */
} as_example;

struct as_command {
    const char *name;
    const char *summary; /* one line, lower case, no full stop */
    const char *usage; /* what follows the name: "[OPTION…] [PATH…]"; several lines are fine */
    const char *description; /* paragraphs for --help; may be NULL */
    const as_option *options;
    size_t settings_size;
    const void *defaults; /* copied into the settings first; NULL: zeroes */
    const as_example *examples;
    const as_command *const *subcommands; /* NULL-terminated; then run and options are not used */
    bool hidden;                          /* left out of the list: for tests and other programs */
    as_exit (*run)(as_cli *cli);
};

/* NULL-terminated, in the order of commands.def. */
extern const as_command *const as_commands[];
const as_command *as_command_find(const as_command *const *commands, as_str name);
/* The options that every command has (--help, --color). */
extern const as_option as_common_options[];

/* Finds and runs the command of argv[1 …]. */
as_exit as_cli_main(as_arena *arena, int argc, char **argv);

/* Help as text: of the program (command NULL) or of one command. */
void as_help_write(as_buf *buf, const as_command *command, const char *path);

/* The manual page, in the macros of man(7): of the program (command NULL) or of one command. */
void as_man_write(as_buf *out, const as_command *command, const char *path);

/* All commands as one page of Markdown. */
void as_markdown_write(as_buf *out);

/* Completion script for "bash", "zsh" or "fish". False for any other. */
bool as_completion_write(as_buf *buf, as_str shell);

/* Writes to stdout or stderr, and to the transcript; false with errno set. */
bool as_cli_write(const as_cli *cli, int fd, as_str text);
/* Writes to stdout; a failure (full disk) is said on stderr and is AS_EXIT_ERROR. */
as_exit as_cli_print(as_cli *cli, as_str text) AS_MUST_CHECK;
/* "assay: …" on stderr, control characters escaped. All return AS_EXIT_ERROR. */
as_exit as_cli_error(const as_cli *cli, const char *fmt, ...) AS_PRINTF(2, 3);
/* The same, with a pointer to the command's --help. */
as_exit as_cli_usage_error(const as_cli *cli, const char *fmt, ...) AS_PRINTF(2, 3);
/* The same, of what is no error. */
void as_cli_note(const as_cli *cli, const char *fmt, ...) AS_PRINTF(2, 3);
/* Texts to read into, which live as long as `cli`. */
as_sources *as_cli_sources(const as_cli *cli) AS_NEVER_NULL;
/* Every diagnostic with its place and source excerpt, on stderr. */
void as_cli_print_diags(const as_cli *cli, as_sources *sources, const as_diags *diags);

/* Columns of the terminal behind stdout; 0 when it is none. */
int as_terminal_width(void);
#endif
