-- The mesh: identities, policies, routes and what configures it.

entity "istio.peerauthentication" {
  doc = "Whether workloads demand mutual TLS.",
  kubernetes = { "security.istio.io/PeerAuthentication" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    mode = { string, "spec.mtls.mode", doc = "STRICT, PERMISSIVE, DISABLE or UNSET; absent: inherited." },
  },
  edges = {
    { "selects", "spec.selector.matchLabels", to = "k8s.workload", match = "labels" },
  },
}

entity "istio.authorizationpolicy" {
  doc = "Which requests workloads accept.",
  kubernetes = { "security.istio.io/AuthorizationPolicy" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    action = { string, "spec.action", default = "ALLOW" },
  },
  edges = {
    { "selects", "spec.selector.matchLabels", to = "k8s.workload", match = "labels" },
  },
}

entity "istio.requestauthentication" {
  doc = "Which end-user tokens are checked.",
  kubernetes = { "security.istio.io/RequestAuthentication" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "selects", "spec.selector.matchLabels", to = "k8s.workload", match = "labels" },
  },
}

entity "istio.gateway" {
  doc = "Ports and hosts that a gateway serves.",
  kubernetes = { "networking.istio.io/Gateway" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "selects", "spec.selector", to = "k8s.workload", match = "labels" },
  },
}

entity "istio.virtualservice" {
  doc = "Routes of requests to services of the mesh.",
  kubernetes = { "networking.istio.io/VirtualService" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "routes_to", "spec.http[].route[].destination.host", to = "k8s.service", match = "host" },
    { "routes_to", "spec.tcp[].route[].destination.host", to = "k8s.service", match = "host" },
    { "routes_to", "spec.tls[].route[].destination.host", to = "k8s.service", match = "host" },
    { "attached_to", "spec.gateways", to = "istio.gateway" },
  },
}

entity "istio.destinationrule" {
  doc = "How clients of the mesh talk to a host.",
  kubernetes = { "networking.istio.io/DestinationRule" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    host = { string, "spec.host" },
    tls_mode = { string, "spec.trafficPolicy.tls.mode" },
  },
  edges = {
    { "attached_to", "spec.host", to = "k8s.service", match = "host" },
  },
}

entity "istio.serviceentry" {
  doc = "A host outside that the mesh knows.",
  kubernetes = { "networking.istio.io/ServiceEntry" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    location = { string, "spec.location", default = "MESH_EXTERNAL" },
  },
  edges = {
    { "selects", "spec.workloadSelector.labels", to = "k8s.workload", match = "labels" },
  },
}

entity "istio.sidecar" {
  doc = "What a workload's proxy may reach.",
  kubernetes = { "networking.istio.io/Sidecar" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    outbound = { string, "spec.outboundTrafficPolicy.mode" },
  },
  edges = {
    { "selects", "spec.workloadSelector.labels", to = "k8s.workload", match = "labels" },
  },
}

entity "istio.envoyfilter" {
  doc = "Changes to the proxies' own configuration.",
  kubernetes = { "networking.istio.io/EnvoyFilter" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "selects", "spec.workloadSelector.labels", to = "k8s.workload", match = "labels" },
  },
}

entity "istio.workload" {
  doc = "A workload outside the cluster that belongs to the mesh.",
  kubernetes = { "networking.istio.io/WorkloadEntry", "networking.istio.io/WorkloadGroup" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "istio.proxyconfig" {
  doc = "Settings of proxies.",
  kubernetes = { "networking.istio.io/ProxyConfig" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "selects", "spec.selector.matchLabels", to = "k8s.workload", match = "labels" },
  },
}

entity "istio.wasmplugin" {
  doc = "An extension of proxies.",
  kubernetes = { "extensions.istio.io/WasmPlugin" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "selects", "spec.selector.matchLabels", to = "k8s.workload", match = "labels" },
  },
}

entity "istio.telemetry" {
  doc = "Access logs, metrics and traces of the mesh.",
  kubernetes = { "telemetry.istio.io/Telemetry" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "selects", "spec.selector.matchLabels", to = "k8s.workload", match = "labels" },
  },
}

entity "istio.operator" {
  doc = "An installation of Istio with its mesh configuration.",
  kubernetes = { "install.istio.io/IstioOperator", "sailoperator.io/Istio", "operator.istio.io/Istio" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}
