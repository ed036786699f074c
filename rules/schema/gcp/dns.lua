-- Cloud DNS.

entity "gcp.dns.zone" {
  doc = "A managed zone.",
  terraform = { "google_dns_managed_zone" },
  live = { "gcp:dns:managedzone" },
  id = { "name", "id", "managed_zone_id" },
  tags = "labels",
  fields = {
    name = { string, tf = "name", live = "name" },
    visibility = { string, tf = "visibility", live = "visibility", default = "public" },
    ["dnssec.state"] = { string, tf = "dnssec_config.state", live = "dnssecConfig.state", default = "off" },
    ["dnssec.keys"] = { list, tf = "dnssec_config.default_key_specs", live = "dnssecConfig.defaultKeySpecs" },
    query_log = { bool, tf = "cloud_logging_config.enable_logging", live = "cloudLoggingConfig.enableLogging", default = false },
  },
}

entity "gcp.dns.policy" {
  doc = "What holds for the name resolution of networks.",
  terraform = { "google_dns_policy" },
  live = { "gcp:dns:policy" },
  id = { "name", "id" },
  fields = {
    name = { string, tf = "name", live = "name" },
    query_log = { bool, tf = "enable_logging", live = "enableLogging", default = false },
    networks = { list, tf = "networks[].network_url", live = "networks[].networkUrl" },
  },
  edges = { { "attached_to", tf = "networks[].network_url", live = "networks[].networkUrl" } },
}

entity "gcp.dns.record" {
  doc = "A record of a zone.",
  terraform = { "google_dns_record_set" },
  live = { "gcp:dns:resourcerecordset" },
  id = { "id" },
  fields = { zone = { string, tf = "managed_zone" }, type = { string, tf = "type", live = "type" } },
  edges = { { "attached_to", tf = "managed_zone" } },
}
