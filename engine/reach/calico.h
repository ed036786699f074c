/* Calico's policies; read as those of Kubernetes are (cluster.h). */
#ifndef AS_REACH_CALICO_H
#define AS_REACH_CALICO_H

#include "engine/reach/cluster.h"

void as_read_calico_policy(as_cluster *cluster, const as_entity *entity);
/* The protocols besides TCP, UDP and SCTP that rules speak of: what a cluster tells apart besides.
 */
const as_ports *as_calico_protocols(as_cluster *cluster);

#endif
