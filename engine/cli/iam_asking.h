/* What the answers of `assay iam` share: reading the input, printing, places.
 *
 * cmd_iam.c answers for AWS, iam_kubernetes.c and iam_google.c for the other worlds; who is asked
 * about and what is asked tell which it is. */
#ifndef AS_CLI_IAM_ASKING_H
#define AS_CLI_IAM_ASKING_H

#include "engine/cli/scanning.h"
#include "engine/iam/account.h"
#include "engine/ways/worlds.h"
#include "reporters/json_out.h"

typedef struct as_iam_settings {
    as_scanning scanning;
    int format;
    bool certain;
} as_iam_settings;

typedef struct as_iam_asking {
    as_cli *cli;
    const as_report *report;
    const as_iam_accounts *accounts;
    const as_worlds *worlds;
    const as_ways *ways; /* once they were asked for */
    as_buf out;          /* goes to stdout in pieces: ways of thousands are long */
    int problem;         /* errno of the first piece that could not be written */
    as_json_out json;
} as_iam_asking;

/* Reads the paths that are left of the arguments. False after saying why on stderr. */
bool as_iam_asking_start(as_iam_asking *a, as_cli *cli);
bool as_iam_asking_is_json(const as_iam_asking *a);
/* Prints; then `answer`, unless that is 0 and some input could not be read. */
as_exit as_iam_asking_finish(as_iam_asking *a, as_exit answer);
as_str as_iam_asking_path(const as_iam_asking *a, as_span span, uint32_t *line);
/* " (main.tf:3)"; nothing when the place is not known. */
void as_iam_asking_place(as_iam_asking *a, as_span span);
/* A member with path and line; none when the place is not known. */
void as_iam_asking_json_place(as_iam_asking *a, const char *key, as_span span);
const as_ways *as_iam_asking_ways(as_iam_asking *a);
as_exit as_iam_asking_exit(as_truth truth);

/* Kubernetes. *handled is false when the question is none of its world; then nothing was done. */
as_exit as_iam_kubernetes_can(
        as_iam_asking *a, as_str principal, as_str action, as_str resource, bool *handled);
bool as_iam_kubernetes_who_can(as_iam_asking *a, as_str action, as_str resource);
as_exit as_iam_kubernetes_effective(as_iam_asking *a, as_str principal, bool *handled);

/* Google Cloud. */
bool as_iam_google_is_permission(as_str action);
as_exit as_iam_google_can(
        as_iam_asking *a, as_str principal, as_str action, as_str resource, bool *handled);
void as_iam_google_who_can(as_iam_asking *a, as_str action, as_str resource);
as_exit as_iam_google_effective(as_iam_asking *a, as_str principal, bool *handled);

/* Ways to more rights of identities of Kubernetes and Google Cloud, and those of AWS that lead
 * there. */
size_t as_iam_ways_write(as_iam_asking *a);
size_t as_iam_ways_write_doubts(as_iam_asking *a);

#endif
