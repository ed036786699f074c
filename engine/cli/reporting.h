/* What the commands that report have in common: formats, files, and the exit code. */
#ifndef AS_CLI_REPORTING_H
#define AS_CLI_REPORTING_H

#include <pthread.h>

#include "engine/cli/scanning.h"

enum { AS_PROGRESS_AUTO, AS_PROGRESS_NEVER };
enum { AS_FAIL_ON_UNSET = -1 };

/* The settings behind the options; a member `reporting` of the command's settings. */
typedef struct as_reporting {
    int format, fail_on, progress;
    as_str_list outputs;
    bool verbose, strict, fail_on_unknown;
    /* Writes the form of that name in place of its reporter, or returns false; NULL: there are
     * none. */
    bool (*own_form)(void *self, const char *format, as_buf *out);
    void *self;
} as_reporting;

#define AS_REPORTING_DEFAULTS                                                                      \
    {                                                                                              \
        .fail_on = AS_FAIL_ON_UNSET                                                                \
    }

extern const char *const as_reporting_formats[], *const as_reporting_severities[],
                                                         *const as_reporting_progresses[];

#define AS_REPORTING_FORM_OPTIONS(S)                                                               \
    AS_OPTION_GROUP("Output"),                                                                     \
            AS_OPTION_ENUM(S, reporting.format, 'f', "format", "FORMAT", as_reporting_formats,     \
                    "form of the report on stdout (default: text)"),                               \
            AS_OPTION_LIST(S, reporting.outputs, 'o', "output", "FORMAT=FILE",                     \
                    "write a report to a file as well, whole or not at all")

#define AS_REPORTING_OUTPUT_OPTIONS(S)                                                             \
    AS_REPORTING_FORM_OPTIONS(S),                                                                  \
            AS_OPTION_FLAG(S, reporting.verbose, 'v', "verbose",                                   \
                    "also what is unknown or suppressed, and all of the coverage"),                \
            AS_OPTION_ENUM(S, reporting.progress, 0, "progress", "WHEN", as_reporting_progresses,  \
                    "show on a terminal how far the scan is")

#define AS_REPORTING_EXIT_OPTIONS(S)                                                               \
    AS_OPTION_GROUP("Exit code"),                                                                  \
            AS_OPTION_ENUM(S, reporting.fail_on, 0, "fail-on", "SEVERITY",                         \
                    as_reporting_severities,                                                       \
                    "least severity of a finding that gives 1 (default: low)"),                    \
            AS_OPTION_FLAG(S, reporting.fail_on_unknown, 0, "fail-on-unknown",                     \
                    "checks that cannot be decided give 1 too"),                                   \
            AS_OPTION_FLAG(S, reporting.strict, 0, "strict",                                       \
                    "3 (input that could not be read) wins over 1")

/* False after saying what is wrong with an --output: before the scan, so that a typing error costs
 * none. */
bool as_reporting_valid(as_cli *cli, const as_reporting *s);
/* A bar with counts that is there while the scan runs, and nobody but a person sees. */
typedef struct as_reporting_teller {
    as_progress progress;
    pthread_t thread;
    pthread_mutex_t lock; /* guards `ended` */
    pthread_cond_t woken;
    bool ended, running;
} as_reporting_teller;

/* What the scan is to write to; NULL where nobody looks. */
as_progress *as_reporting_begin(const as_reporting *s, bool quiet, as_reporting_teller *teller);
void as_reporting_end(as_reporting_teller *teller, const as_progress *progress);
/* The files, messages on stderr, and the report on stdout. */
as_exit as_reporting_write(as_cli *cli, const as_reporting *s, bool quiet, const as_report *report);
/* Whether one of the forms depends on more than the report: the time of day. */
bool as_reporting_is_dated(const as_reporting *s);
/* The least severity that counts, by option, configuration or default. */
as_severity as_reporting_threshold(const as_reporting *s, const as_config *config);
as_exit as_reporting_verdict(
        const as_reporting *s, const as_config *config, const as_report *report);

#endif
