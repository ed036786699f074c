-- Load balancing: forwarding rules, proxies, backends, TLS policies, Cloud Armor, Cloud CDN.

entity "gcp.lb.forwarding_rule" {
  doc = "An address and ports that lead to a load balancer.",
  terraform = { "google_compute_global_forwarding_rule", "google_compute_forwarding_rule" },
  live = { "gcp:compute:forwardingrule", "gcp:compute:globalforwardingrule" },
  id = { "name", "id", "self_link", "selfLink" },
  tags = "labels",
  fields = {
    name = { string, tf = "name", live = "name" },
    scheme = { string, tf = "load_balancing_scheme", live = "loadBalancingScheme", default = "EXTERNAL" },
    target = { string, tf = "target", live = "target" },
    ports = { string, tf = "port_range", live = "portRange" },
  },
  edges = {
    { "exposes", tf = { "target", "backend_service" }, live = { "target", "backendService" } },
    { "attached_to", tf = "network", live = "network" },
  },
}

entity "gcp.lb.http_proxy" {
  doc = "A proxy that takes plain HTTP.",
  terraform = { "google_compute_target_http_proxy", "google_compute_region_target_http_proxy" },
  live = { "gcp:compute:targethttpproxy" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = { name = { string, tf = "name", live = "name" }, map = { string, tf = "url_map", live = "urlMap" } },
  edges = { { "routes_to", tf = "url_map", live = "urlMap" } },
}

entity "gcp.lb.tls_proxy" {
  doc = "A proxy that ends TLS.",
  terraform = { "google_compute_target_https_proxy", "google_compute_region_target_https_proxy", "google_compute_target_ssl_proxy" },
  live = { "gcp:compute:targethttpsproxy", "gcp:compute:targetsslproxy" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = {
    name = { string, tf = "name", live = "name" },
    policy = { string, tf = "ssl_policy", live = "sslPolicy" },
  },
  edges = { { "routes_to", tf = { "url_map", "backend_service" }, live = { "urlMap", "service" } } },
}

entity "gcp.lb.url_map" {
  doc = "Which backend serves which path.",
  terraform = { "google_compute_url_map", "google_compute_region_url_map" },
  live = { "gcp:compute:urlmap" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = {
    name = { string, tf = "name", live = "name" },
    redirects = { bool, tf = "default_url_redirect.https_redirect", live = "defaultUrlRedirect.httpsRedirect", default = false,
      doc = "What no other path takes is sent to HTTPS." },
    service = { string, tf = "default_service", live = "defaultService" },
  },
  edges = { { "routes_to", tf = "default_service", live = "defaultService" } },
}

entity "gcp.lb.ssl_policy" {
  doc = "Which versions of TLS and which ciphers a proxy offers.",
  terraform = { "google_compute_ssl_policy", "google_compute_region_ssl_policy" },
  live = { "gcp:compute:sslpolicy" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = {
    name = { string, tf = "name", live = "name" },
    profile = { string, tf = "profile", live = "profile", default = "COMPATIBLE" },
    version = { string, tf = "min_tls_version", live = "minTlsVersion", default = "TLS_1_0" },
    features = { list, tf = "custom_features", live = "customFeatures" },
  },
}

entity "gcp.lb.backend_service" {
  doc = "Backends, and how a load balancer reaches them.",
  terraform = { "google_compute_backend_service", "google_compute_region_backend_service" },
  live = { "gcp:compute:backendservice", "gcp:compute:regionbackendservice" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = {
    name = { string, tf = "name", live = "name" },
    scheme = { string, tf = "load_balancing_scheme", live = "loadBalancingScheme" },
    protocol = { string, tf = "protocol", live = "protocol", default = "HTTP" },
    ["log.enabled"] = { bool, tf = "log_config.enable", live = "logConfig.enable", default = false },
    health_checks = { list, tf = "health_checks", live = "healthChecks" },
    backends = { list, tf = "backend", live = "backends" },
    policy = { string, tf = "security_policy", live = "securityPolicy" },
    cdn = { bool, tf = "enable_cdn", live = "enableCDN", default = false },
  },
  edges = {
    { "routes_to", tf = "backend[].group", live = "backends[].group" },
    { "attached_to", tf = "security_policy", live = "securityPolicy", reverse = true },
  },
}

entity "gcp.lb.backend_bucket" {
  doc = "A bucket behind a load balancer or Cloud CDN.",
  terraform = { "google_compute_backend_bucket" },
  live = { "gcp:compute:backendbucket" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = {
    name = { string, tf = "name", live = "name" },
    bucket = { string, tf = "bucket_name", live = "bucketName" },
    cdn = { bool, tf = "enable_cdn", live = "enableCdn", default = false },
    edge_policy = { string, tf = "edge_security_policy", live = "edgeSecurityPolicy" },
  },
  edges = { { "exposes", tf = "bucket_name", live = "bucketName" } },
}

entity "gcp.lb.endpoint_group" {
  doc = "Endpoints outside of instance groups: functions, services, hosts of the internet.",
  terraform = { "google_compute_region_network_endpoint_group", "google_compute_global_network_endpoint_group",
    "google_compute_network_endpoint_group" },
  live = { "gcp:compute:networkendpointgroup" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = {
    name = { string, tf = "name", live = "name" },
    type = { string, tf = "network_endpoint_type", live = "networkEndpointType" },
  },
  edges = { { "routes_to", tf = { "cloud_run.service", "cloud_function.function" } } },
}

entity "gcp.lb.health_check" {
  doc = "How a load balancer tells live backends from dead ones.",
  terraform = { "google_compute_health_check", "google_compute_region_health_check", "google_compute_http_health_check",
    "google_compute_https_health_check" },
  live = { "gcp:compute:healthcheck" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = { name = { string, tf = "name", live = "name" } },
}

entity "gcp.armor.policy" {
  doc = "Rules of Cloud Armor.",
  terraform = { "google_compute_security_policy", "google_compute_region_security_policy" },
  live = { "gcp:compute:securitypolicy" },
  id = { "name", "id", "self_link", "selfLink" },
  satellites = {
    rule = { "google_compute_security_policy_rule", "google_compute_region_security_policy_rule", by = "security_policy" },
  },
  fields = {
    name = { string, tf = "name", live = "name" },
    policy_type = { string, tf = "type", live = "type", default = "CLOUD_ARMOR" },
    rules = { list, tf = { "rule", "rules" }, live = "rules" },
  },
}

entity "gcp.armor.rule" {
  doc = "A rule of Cloud Armor.",
  terraform = { "google_compute_security_policy_rule", "google_compute_region_security_policy_rule" },
  id = { "id" },
  fields = {
    action = { string, tf = "action" },
    preview = { bool, tf = "preview", default = false },
  },
}
