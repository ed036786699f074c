-- Networks: subnetworks and firewall rules.

entity "gcp.compute.firewall" {
  doc = "A firewall rule of a network.",
  terraform = { "google_compute_firewall" },
  id = { "name", "id", "self_link" },
  fields = {
    direction = { string, tf = "direction", default = "INGRESS" },
    disabled = { bool, tf = "disabled", default = false },
    network = { string, tf = "network" },
  },
}

entity "gcp.compute.subnetwork" {
  doc = "A part of a network in one region.",
  terraform = { "google_compute_subnetwork" },
  id = { "name", "id", "self_link" },
  fields = {
    purpose = { string, tf = "purpose", default = "PRIVATE" },
    stack = { string, tf = "stack_type", default = "IPV4_ONLY" },
    private_access = { bool, tf = "private_ip_google_access", default = false },
    private_ipv6_access = { string, tf = "private_ipv6_google_access", default = "DISABLE_GOOGLE_ACCESS" },
  },
}
