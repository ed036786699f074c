/* Services of a cluster: which endpoints they select and which of their ports lead where. */
#ifndef AS_REACH_SERVICE_H
#define AS_REACH_SERVICE_H

#include "engine/reach/labels.h"

typedef struct as_service {
    const as_entity *entity;
    as_str name, space;
    const as_value *spec;
    bool selected;     /* pods are known */
    as_selection pods; /* by as_service_pods */
} as_service;

typedef struct as_services {
    as_service *items;
    size_t n;
    as_map by_name; /* "space/name" → as_service */
} as_services;

as_services as_services_read(as_cluster *cluster);
as_service *as_service_find(
        const as_cluster *cluster, const as_services *services, as_str space, as_str name);
/* The endpoints that it selects, none without a selector; found when first asked for. */
const as_selection *as_service_pods(as_cluster *cluster, as_service *service);

/* Which port of a service is meant. */
typedef struct as_service_port {
    as_str name;    /* the port's name; empty: none given */
    int64_t number; /* 0: none given; with neither, every port */
    bool by_target; /* a target port also answers to it (OpenShift Routes) */
    bool unknown;
} as_service_port;

/* The ports of an endpoint behind a service port. `protocol` narrows to one; -1: all of them. */
as_port_bounds as_service_targets(const as_cluster *cluster, const as_service *service,
        as_service_port port, const as_endpoint *endpoint, int protocol);

#endif
