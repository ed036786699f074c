/* Parts of `assay reach`: what was judged, and how it is written. cmd_reach.c has the command and
 * the questions about clusters, reach_list.c the lists of --all, reach_cloud.c the questions about
 * clouds. */
#ifndef AS_CLI_REACHING_H
#define AS_CLI_REACHING_H

#include "engine/cli/scanning.h"

#include "engine/reach/answer.h"
#include "engine/reach/cloud.h"
#include "engine/reach/connections.h"
#include "engine/reach/pods.h"

enum { AS_REACHING_TEXT, AS_REACHING_JSON, AS_REACHING_DOT, AS_REACHING_MERMAID };

typedef struct as_reaching_settings {
    as_scanning scanning;
    int format;
    bool all;
    as_str from;
} as_reaching_settings;

typedef AS_VEC(as_str) as_reached_texts;

/* A network with all that was found out about it: of a cluster, or of a cloud. */
typedef struct as_reached {
    as_cluster *cluster; /* NULL: the other */
    const as_cloud *cloud;
    as_str name; /* of a cluster, when there are several */
    as_port_space *space;
    const as_ports *universe;
    as_filter *filter;
    as_exposures exposures;
    as_connections connections; /* with --all */
    as_cloud_exposures forwarded;
    as_reached_texts *texts; /* of sets of ports, by their id */
} as_reached;

typedef struct as_reaching {
    as_cli *cli;
    const as_report *report;
    as_diags diags;
    as_reached *clusters;
    size_t n;
    as_cloud *clouds;
    size_t n_clouds;
    as_buf out;
    as_exit printed; /* the first failure to write, else AS_EXIT_OK */
} as_reaching;

void as_reaching_add_ports(as_buf *out, const as_reached *j, const as_ports *ports);
/* The same, remembered: lists have few different sets of ports and very many lines. */
as_str as_reaching_ports(as_reaching *a, const as_reached *j, const as_ports *ports);
void as_reaching_add_place(as_reaching *a, as_span span);              /* " (main.tf:3)" */
void as_reaching_add_text(as_buf *out, const char *name, as_str text); /* "name":"text" */
void as_reaching_add_json_place(as_reaching *a, as_span span);
void as_reaching_flush(as_reaching *a); /* what was gathered goes out; lists are long */
const char *as_reaching_verdict(as_truth verdict);

/* The lists of --all. */
void as_reaching_write_all(as_reaching *a);

/* Answers in a cloud for every pair of that name within a unit, and from pods to what is there.
 * Returns how many there were. */
size_t as_reaching_ask_cloud(as_reaching *a, const as_reached *j, as_str from, as_str to,
        as_str port, as_truth *verdict);
size_t as_reaching_ask_pods(as_reaching *a, const as_reached *cluster, const as_reached *j,
        as_str from, as_str to, as_str port, as_truth *verdict);
bool as_reaching_is_node(const as_reached *j, as_str text);

#endif
