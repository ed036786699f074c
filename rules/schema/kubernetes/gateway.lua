-- Gateway API, classes of ingress controllers, and DNS records for them.

entity "gateway.class" {
  doc = "A kind of gateway, by its controller.",
  kubernetes = { "gateway.networking.k8s.io/GatewayClass" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "gateway.gateway" {
  doc = "Listeners: ports, hosts and certificates.",
  kubernetes = { "gateway.networking.k8s.io/Gateway", "gateway.networking.k8s.io/ListenerSet" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "references", "spec.gatewayClassName", to = "gateway.class" },
    { "references", "spec.listeners[].tls.certificateRefs", to = "k8s.secret", match = "reference" },
  },
}

entity "gateway.route" {
  doc = "Routes of requests from gateways to services.",
  kubernetes = {
    "gateway.networking.k8s.io/HTTPRoute", "gateway.networking.k8s.io/GRPCRoute",
    "gateway.networking.k8s.io/TLSRoute", "gateway.networking.k8s.io/TCPRoute", "gateway.networking.k8s.io/UDPRoute",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "attached_to", "spec.parentRefs", to = { "gateway.gateway", "k8s.service" }, match = "reference" },
    { "routes_to", "spec.rules[].backendRefs", to = "k8s.service", match = "reference" },
  },
}

entity "gateway.policy" {
  doc = "What may be referred to from other namespaces, and how backends are reached.",
  kubernetes = { "gateway.networking.k8s.io/ReferenceGrant", "gateway.networking.k8s.io/BackendTLSPolicy" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "attached_to", "spec.targetRefs", to = "k8s.service", match = "reference" },
  },
}

entity "k8s.ingressclass" {
  doc = "A kind of ingress, by its controller.",
  kubernetes = { "networking.k8s.io/IngressClass" },
  terraform = { "kubernetes_ingress_class", "kubernetes_ingress_class_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    controller = { string, "spec.controller" },
  },
}

entity "k8s.endpoints" {
  doc = "Addresses behind a Service.",
  kubernetes = { "Endpoints", "discovery.k8s.io/EndpointSlice" },
  terraform = { "kubernetes_endpoints", "kubernetes_endpoints_v1", "kubernetes_endpoint_slice_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "attached_to", "metadata.name", to = "k8s.service" },
  },
}

entity "gke.backendconfig" {
  doc = "How Google's load balancers treat a Service or an Ingress.",
  kubernetes = {
    "cloud.google.com/BackendConfig", "networking.gke.io/FrontendConfig", "networking.gke.io/ManagedCertificate",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "traefik.route" {
  doc = "A route of Traefik.",
  kubernetes = {
    "traefik.io/IngressRoute", "traefik.containo.us/IngressRoute", "traefik.io/IngressRouteTCP",
    "traefik.io/Middleware",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "exposes", "spec.routes[].services[].name", to = "k8s.service" },
  },
}

entity "openshift.route" {
  doc = "A route of OpenShift.",
  kubernetes = { "route.openshift.io/Route" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "exposes", "spec.to", to = "k8s.service", match = "reference" },
  },
}

entity "externaldns.endpoint" {
  doc = "DNS records that external-dns keeps.",
  kubernetes = { "externaldns.k8s.io/DNSEndpoint" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}
