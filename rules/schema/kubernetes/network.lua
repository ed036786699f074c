-- Services, ingresses and policies.

entity "k8s.service" {
  doc = "A name and address for a set of pods.",
  kubernetes = { "Service" },
  terraform = { "kubernetes_service", "kubernetes_service_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    service_type = { string, "spec.type", default = "ClusterIP" },
  },
  edges = {
    { "contains", "metadata.namespace", to = "k8s.namespace", reverse = true },
    { "selects", "spec.selector", to = "k8s.workload", match = "labels" },
  },
}

entity "k8s.ingress" {
  doc = "Routes of HTTP requests to services.",
  kubernetes = { "networking.k8s.io/Ingress", "extensions/Ingress" },
  terraform = { "kubernetes_ingress", "kubernetes_ingress_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "exposes", "spec.rules[].http.paths[].backend.service.name", to = "k8s.service" },
    { "exposes", "spec.rules[].http.paths[].backend.serviceName", to = "k8s.service" },
    { "exposes", "spec.defaultBackend.service.name", to = "k8s.service" },
    { "references", "spec.tls[].secretName", to = "k8s.secret" },
    { "references", "spec.ingressClassName", to = "k8s.ingressclass" },
  },
}

entity "k8s.networkpolicy" {
  doc = "Which connections pods may accept and open.",
  kubernetes = { "networking.k8s.io/NetworkPolicy", "extensions/NetworkPolicy" },
  terraform = { "kubernetes_network_policy", "kubernetes_network_policy_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "selects", "spec.podSelector", to = "k8s.workload", match = "selector" },
  },
}

entity "calico.policy" {
  doc = "A Calico network policy.",
  kubernetes = { "crd.projectcalico.org/GlobalNetworkPolicy", "projectcalico.org/GlobalNetworkPolicy",
    "crd.projectcalico.org/NetworkPolicy", "projectcalico.org/NetworkPolicy" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" }, order = { number, "spec.order" } },
}

entity "calico.felixconfiguration" {
  doc = "How Calico works on nodes.",
  kubernetes = { "crd.projectcalico.org/FelixConfiguration", "projectcalico.org/FelixConfiguration" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    endpoint_to_host = { string, "spec.defaultEndpointToHostAction", default = "Drop" },
  },
}

entity "calico.hostendpoint" {
  doc = "A node's interface that Calico policies apply to.",
  kubernetes = { "crd.projectcalico.org/HostEndpoint", "projectcalico.org/HostEndpoint" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "cilium.networkpolicy" {
  doc = "A Cilium network policy.",
  kubernetes = { "cilium.io/CiliumNetworkPolicy", "cilium.io/CiliumClusterwideNetworkPolicy" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "calico.networkset" {
  doc = "A named set of networks.",
  kubernetes = {
    "crd.projectcalico.org/NetworkSet", "projectcalico.org/NetworkSet", "crd.projectcalico.org/GlobalNetworkSet",
    "projectcalico.org/GlobalNetworkSet",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "calico.ippool" {
  doc = "Addresses for pods.",
  kubernetes = {
    "crd.projectcalico.org/IPPool", "projectcalico.org/IPPool", "crd.projectcalico.org/IPReservation",
    "projectcalico.org/IPReservation",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "calico.bgp" {
  doc = "How routes are told to others.",
  kubernetes = {
    "crd.projectcalico.org/BGPConfiguration", "projectcalico.org/BGPConfiguration", "crd.projectcalico.org/BGPPeer",
    "projectcalico.org/BGPPeer", "crd.projectcalico.org/BGPFilter", "projectcalico.org/BGPFilter",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "calico.tier" {
  doc = "An order of policies.",
  kubernetes = { "crd.projectcalico.org/Tier", "projectcalico.org/Tier" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "calico.settings" {
  doc = "Other settings of Calico.",
  kubernetes = {
    "crd.projectcalico.org/KubeControllersConfiguration", "projectcalico.org/KubeControllersConfiguration",
    "crd.projectcalico.org/ClusterInformation", "projectcalico.org/ClusterInformation",
    "crd.projectcalico.org/CalicoNodeStatus", "projectcalico.org/CalicoNodeStatus",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "calico.installation" {
  doc = "An installation that the Tigera operator keeps.",
  kubernetes = { "operator.tigera.io/Installation", "operator.tigera.io/APIServer" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "k8s.adminnetworkpolicy" {
  doc = "Policies of the cluster's administrators.",
  kubernetes = { "policy.networking.k8s.io/AdminNetworkPolicy", "policy.networking.k8s.io/BaselineAdminNetworkPolicy" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}
