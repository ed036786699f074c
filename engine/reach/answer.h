/* One question: may FROM open connections to TO, on a port? With the rules that allow it, or the
 * one that blocks. */
#ifndef AS_REACH_ANSWER_H
#define AS_REACH_ANSWER_H

#include "engine/reach/exposure.h"

typedef enum as_place_kind {
    AS_PLACE_NOWHERE, /* nothing of that name */
    AS_PLACE_ENDPOINT,
    AS_PLACE_ADDRESSES,
    AS_PLACE_INTERNET, /* through what exposes the cluster */
} as_place_kind;

/* One side of a question. */
typedef struct as_endpoint_place {
    as_place_kind kind;
    uint32_t endpoint;
    as_addresses addresses;
    as_str title;
    bool ambiguous; /* several endpoints have the name; the first was taken */
} as_endpoint_place;

typedef struct as_answer {
    as_truth verdict;     /* on the ports that were asked for; without any: on some port */
    as_port_bounds ports; /* of those asked for, what is allowed */
    as_steps steps;
    AS_VEC(as_exposure) ways; /* FROM internet: what exposes TO */
    as_str reason;            /* of an unknown, or of a no that no policy decides */
} as_answer;

/* "trading/api", "api", "Deployment/trading/api", "trading/api[Deployment]", "10.0.0.0/8",
 * "internet". */
as_endpoint_place as_place_find(const as_cluster *cluster, as_str text);
/* "8080", "udp/53", "http" (a name of a container's port of `to`). NULL when it is none. */
const as_ports *as_place_ports(const as_cluster *cluster, const as_endpoint_place *to, as_str text);
/* "8080", "udp/53": without names. NULL when it is none. */
const as_ports *as_place_ports_by_number(as_port_space *space, as_str text);
/* `asked` NULL: every port. At least one side is an endpoint. */
as_answer as_answer_find(const as_cluster *cluster, as_filter *filter,
        const as_exposures *exposures, const as_endpoint_place *from, const as_endpoint_place *to,
        const as_ports *asked);

#endif
