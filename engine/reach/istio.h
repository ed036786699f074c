/* Istio's part: AuthorizationPolicy, PeerAuthentication, Sidecar. Read as policies are (cluster.h),
 * in the layer of the mesh. */
#ifndef AS_REACH_ISTIO_H
#define AS_REACH_ISTIO_H

#include "engine/reach/cluster.h"

/* Whether an endpoint's traffic goes through a proxy of the mesh: by the labels of the pod and its
 * namespace, the injector's rules ("Installing the Sidecar", "Ambient"). */
as_truth as_istio_in_mesh(const as_cluster *cluster, const as_endpoint *endpoint);

void as_read_authorization_policy(as_cluster *cluster, const as_entity *entity);
/* These need all their like at once: the most specific one counts. */
void as_istio_read_peer_authentications(as_cluster *cluster);
void as_istio_read_sidecars(as_cluster *cluster);

#endif
