-- Networks: subnetworks and firewall rules.

entity "gcp.compute.firewall" {
  doc = "A firewall rule of a network.",
  terraform = { "google_compute_firewall" },
  live = { "gcp:compute:firewall" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = {
    direction = { string, tf = "direction", live = "direction", default = "INGRESS" },
    disabled = { bool, tf = "disabled", live = "disabled", default = false },
    priority = { number, tf = "priority", live = "priority", default = 1000 },
    network = { string, tf = "network", live = "network" },
    allow = { list, tf = "allow", live = "allowed" },
    deny = { list, tf = "deny", live = "denied" },
    from = { list, tf = "source_ranges", live = "sourceRanges" },
    to = { list, tf = "destination_ranges", live = "destinationRanges" },
  },
  edges = { { "attached_to", tf = "network", live = "network" } },
}

entity "gcp.compute.subnetwork" {
  doc = "A part of a network in one region.",
  terraform = { "google_compute_subnetwork" },
  live = { "gcp:compute:subnetwork" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = {
    purpose = { string, tf = "purpose", live = "purpose", default = "PRIVATE" },
    stack = { string, tf = "stack_type", live = "stackType", default = "IPV4_ONLY" },
    private_access = { bool, tf = "private_ip_google_access", live = "privateIpGoogleAccess", default = false },
    private_ipv6_access = { string, tf = "private_ipv6_google_access", live = "privateIpv6GoogleAccess",
      default = "DISABLE_GOOGLE_ACCESS" },
    flow_log = { any, tf = "log_config", live = "logConfig" },
    flow_log_on = { bool, live = { "logConfig.enable", "enableFlowLogs" }, default = false },
  },
  edges = { { "attached_to", tf = "network", live = "network" } },
}

entity "gcp.compute.network" {
  doc = "A network.",
  terraform = { "google_compute_network" },
  live = { "gcp:compute:network" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = {
    name = { string, tf = "name", live = "name" },
    automatic = { bool, tf = "auto_create_subnetworks", live = "autoCreateSubnetworks", default = true,
      doc = "A subnetwork in every region is made by itself." },
    legacy_range = { string, tf = { "ipv4_range", "IPv4Range" }, live = "IPv4Range" },
  },
}

entity "gcp.compute.peering" {
  doc = "One side of a connection between two networks.",
  terraform = { "google_compute_network_peering" },
  id = { "id", "name" },
  fields = {
    export_routes = { bool, tf = "export_custom_routes", default = false },
    import_routes = { bool, tf = "import_custom_routes", default = false },
  },
  edges = { { "peers_with", tf = "peer_network" }, { "attached_to", tf = "network" } },
}

entity "gcp.compute.route" {
  doc = "A route of a network.",
  terraform = { "google_compute_route" },
  live = { "gcp:compute:route" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = { range = { string, tf = "dest_range", live = "destRange" } },
  edges = {
    { "attached_to", tf = "network", live = "network" },
    { "routes_to", tf = { "next_hop_instance", "next_hop_ilb", "next_hop_vpn_tunnel" },
      live = { "nextHopInstance", "nextHopIlb", "nextHopVpnTunnel" } },
  },
}

entity "gcp.compute.router" {
  doc = "A Cloud Router.",
  terraform = { "google_compute_router" },
  live = { "gcp:compute:router" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = { network = { string, tf = "network", live = "network" } },
  edges = { { "attached_to", tf = "network", live = "network" } },
}

entity "gcp.compute.nat" {
  doc = "Translation of addresses for machines without a public one.",
  terraform = { "google_compute_router_nat" },
  id = { "name", "id" },
  fields = { router = { string, tf = "router" } },
  edges = { { "attached_to", tf = "router" } },
}

entity "gcp.compute.firewall_policy" {
  doc = "A policy of firewall rules, of an organisation, folder or network.",
  terraform = { "google_compute_firewall_policy", "google_compute_firewall_policy_with_rules", "google_compute_network_firewall_policy",
    "google_compute_network_firewall_policy_with_rules", "google_compute_region_network_firewall_policy",
    "google_compute_region_network_firewall_policy_with_rules" },
  live = { "gcp:compute:firewallpolicy" },
  id = { "id", "self_link", "name", "short_name", "selfLink" },
  satellites = {
    rule = { "google_compute_firewall_policy_rule", "google_compute_network_firewall_policy_rule",
      "google_compute_region_network_firewall_policy_rule", by = "firewall_policy" },
  },
  fields = {
    name = { string, tf = { "name", "short_name" }, live = { "shortName", "name" } },
    rules = { list, tf = "rule", live = "rules" },
  },
}

entity "gcp.compute.firewall_policy_rule" {
  doc = "A rule of a firewall policy.",
  terraform = { "google_compute_firewall_policy_rule", "google_compute_network_firewall_policy_rule",
    "google_compute_region_network_firewall_policy_rule" },
  id = { "id" },
  fields = { action = { string, tf = "action" }, direction = { string, tf = "direction" } },
}

entity "gcp.compute.firewall_policy_association" {
  doc = "A firewall policy takes effect on a network, folder or organisation.",
  terraform = { "google_compute_firewall_policy_association", "google_compute_network_firewall_policy_association",
    "google_compute_region_network_firewall_policy_association" },
  id = { "id" },
  fields = { target = { string, tf = "attachment_target" } },
  edges = { { "attached_to", tf = "attachment_target" }, { "binds", tf = "firewall_policy" } },
}

entity "gcp.networksecurity.address_group" {
  doc = "A list of addresses that firewall policies name.",
  terraform = { "google_network_security_address_group" },
  live = { "gcp:networksecurity:addressgroup" },
  id = { "id", "name" },
  fields = { items = { list, tf = "items", live = "items" } },
}

entity "gcp.compute.service_attachment" {
  doc = "A service that is offered to other networks by Private Service Connect.",
  terraform = { "google_compute_service_attachment" },
  live = { "gcp:compute:serviceattachment" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = { preference = { string, tf = "connection_preference", live = "connectionPreference" } },
  edges = { { "exposes", tf = "target_service", live = "targetService" } },
}

entity "gcp.compute.private_connection" {
  doc = "A private connection to Google's managed services.",
  terraform = { "google_service_networking_connection" },
  id = { "id" },
  fields = { service = { string, tf = "service" } },
  edges = { { "attached_to", tf = "network" } },
}

entity "gcp.compute.interconnect" {
  doc = "A dedicated line.",
  terraform = { "google_compute_interconnect" },
  live = { "gcp:compute:interconnect" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = { macsec = { bool, tf = "macsec_enabled", live = "macsecEnabled", default = false } },
}

entity "gcp.compute.attachment" {
  doc = "A VLAN attachment: a network's way over an interconnect.",
  terraform = { "google_compute_interconnect_attachment" },
  live = { "gcp:compute:interconnectattachment" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = {
    name = { string, tf = "name", live = "name" },
    encryption = { string, tf = "encryption", live = "encryption", default = "NONE" },
    domain = { string, tf = "edge_availability_domain", live = "edgeAvailabilityDomain", default = "AVAILABILITY_DOMAIN_ANY" },
    router = { string, tf = "router", live = "router" },
  },
  edges = { { "attached_to", tf = "router", live = "router" } },
}

entity "gcp.compute.vpn_gateway" {
  doc = "A gateway of Cloud VPN.",
  terraform = { "google_compute_ha_vpn_gateway", "google_compute_vpn_gateway" },
  live = { "gcp:compute:vpngateway", "gcp:compute:targetvpngateway" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = { name = { string, tf = "name", live = "name" } },
  edges = { { "attached_to", tf = "network", live = "network" } },
}

entity "gcp.compute.vpn_tunnel" {
  doc = "A tunnel of Cloud VPN.",
  terraform = { "google_compute_vpn_tunnel" },
  live = { "gcp:compute:vpntunnel" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = {
    name = { string, tf = "name", live = "name" },
    classic = { string, tf = "target_vpn_gateway", live = "targetVpnGateway" },
    gateway = { string, tf = "vpn_gateway", live = "vpnGateway" },
    version = { number, tf = "ike_version", live = "ikeVersion", default = 2 },
  },
  edges = { { "attached_to", tf = { "vpn_gateway", "target_vpn_gateway" }, live = { "vpnGateway", "targetVpnGateway" } } },
}

entity "gcp.perimeter" {
  doc = "A perimeter of VPC Service Controls.",
  terraform = { "google_access_context_manager_service_perimeter" },
  live = { "gcp:accesscontextmanager:serviceperimeter" },
  id = { "name", "id" },
  satellites = { resource = { "google_access_context_manager_service_perimeter_resource", by = "perimeter_name" } },
  fields = {
    name = { string, tf = { "title", "name" }, live = { "title", "name" } },
    resources = { list, tf = "status.resources", live = "status.resources" },
    dry_run = { bool, tf = "use_explicit_dry_run_spec", live = "useExplicitDryRunSpec", default = false },
    status = { any, tf = "status", live = "status" },
  },
}

entity "gcp.perimeter_resource" {
  doc = "A project within a perimeter.",
  terraform = { "google_access_context_manager_service_perimeter_resource" },
  id = { "id" },
  fields = { resource = { string, tf = "resource" } },
}

entity "gcp.access_level" {
  doc = "Under which conditions requests pass a perimeter.",
  terraform = { "google_access_context_manager_access_level" },
  live = { "gcp:accesscontextmanager:accesslevel" },
  id = { "name", "id" },
  fields = { name = { string, tf = { "title", "name" }, live = { "title", "name" } } },
}
