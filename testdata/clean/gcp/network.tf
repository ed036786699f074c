# One network with subnetworks of its own, closed in both directions but for what is named.

resource "google_compute_network" "shop" {
  name                    = "shop-prod"
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "nodes" {
  name                       = "nodes"
  network                    = google_compute_network.shop.id
  region                     = local.region
  ip_cidr_range              = "10.10.0.0/20"
  private_ip_google_access   = true
  private_ipv6_google_access = "ENABLE_OUTBOUND_VM_ACCESS_TO_GOOGLE"

  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = "10.20.0.0/16"
  }

  secondary_ip_range {
    range_name    = "services"
    ip_cidr_range = "10.30.0.0/20"
  }

  log_config {
    aggregation_interval = "INTERVAL_5_SEC"
    flow_sampling        = 0.5
    metadata             = "INCLUDE_ALL_METADATA"
  }
}

resource "google_compute_subnetwork" "proxies" {
  name          = "proxies"
  network       = google_compute_network.shop.id
  region        = local.region
  ip_cidr_range = "10.40.0.0/24"
  purpose       = "REGIONAL_MANAGED_PROXY"
  role          = "ACTIVE"
}

resource "google_compute_firewall" "ssh_from_proxy" {
  name          = "ssh-from-iap"
  network       = google_compute_network.shop.name
  direction     = "INGRESS"
  source_ranges = ["35.235.240.0/20"]
  target_tags   = ["admin"]

  allow {
    protocol = "tcp"
    ports    = ["22"]
  }

  log_config {
    metadata = "INCLUDE_ALL_METADATA"
  }
}

resource "google_compute_firewall" "health_checks" {
  name          = "health-checks"
  network       = google_compute_network.shop.name
  source_ranges = ["35.191.0.0/16", "130.211.0.0/22"]

  allow {
    protocol = "tcp"
    ports    = ["8443"]
  }
}

resource "google_compute_firewall" "deny_egress" {
  name               = "deny-egress"
  network            = google_compute_network.shop.name
  direction          = "EGRESS"
  priority           = 65000
  destination_ranges = ["0.0.0.0/0"]

  deny {
    protocol = "all"
  }
}

resource "google_compute_firewall" "egress_tls" {
  name               = "egress-tls"
  network            = google_compute_network.shop.name
  direction          = "EGRESS"
  destination_ranges = ["0.0.0.0/0"]

  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}

resource "google_compute_router" "shop" {
  name    = "shop"
  network = google_compute_network.shop.id
  region  = local.region

  bgp {
    asn = 64514
  }
}

resource "google_compute_router_nat" "shop" {
  name                               = "shop"
  router                             = google_compute_router.shop.name
  region                             = local.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"

  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}

resource "google_compute_interconnect_attachment" "datacentre" {
  count = 2

  name                     = "datacentre-${count.index + 1}"
  router                   = google_compute_router.shop.id
  region                   = local.region
  type                     = "PARTNER"
  encryption               = "IPSEC"
  edge_availability_domain = "AVAILABILITY_DOMAIN_${count.index + 1}"
}

resource "google_compute_ha_vpn_gateway" "datacentre" {
  name    = "datacentre"
  network = google_compute_network.shop.id
  region  = local.region

  vpn_interfaces {
    id                      = 0
    interconnect_attachment = google_compute_interconnect_attachment.datacentre[0].self_link
  }

  vpn_interfaces {
    id                      = 1
    interconnect_attachment = google_compute_interconnect_attachment.datacentre[1].self_link
  }
}

resource "google_compute_vpn_tunnel" "datacentre" {
  count = 2

  name                            = "datacentre-${count.index + 1}"
  region                          = local.region
  vpn_gateway                     = google_compute_ha_vpn_gateway.datacentre.id
  vpn_gateway_interface           = count.index
  peer_external_gateway           = "projects/acme-shop-prod/global/externalVpnGateways/datacentre"
  peer_external_gateway_interface = count.index
  router                          = google_compute_router.shop.id
  shared_secret                   = random_password.tunnel.result
  ike_version                     = 2
}

resource "random_password" "tunnel" {
  length = 40
}

resource "google_compute_network" "payments" {
  name                    = "payments-prod"
  auto_create_subnetworks = false
}

resource "google_compute_firewall" "payments_from_shop" {
  name          = "from-shop"
  network       = google_compute_network.payments.name
  source_ranges = ["10.20.0.0/16"]

  allow {
    protocol = "tcp"
    ports    = ["8443"]
  }
}

resource "google_compute_network_peering" "payments" {
  name         = "shop-payments"
  network      = google_compute_network.shop.self_link
  peer_network = google_compute_network.payments.self_link
}

resource "google_compute_global_address" "services" {
  name          = "google-services"
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  prefix_length = 20
  network       = google_compute_network.shop.id
}

resource "google_service_networking_connection" "services" {
  network                 = google_compute_network.shop.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.services.name]
}

resource "google_dns_policy" "shop" {
  name           = "log-queries"
  enable_logging = true

  networks {
    network_url = google_compute_network.shop.id
  }

  networks {
    network_url = google_compute_network.payments.id
  }
}

resource "google_dns_managed_zone" "public" {
  name     = "shop"
  dns_name = "shop.acme.example."

  dnssec_config {
    state = "on"

    default_key_specs {
      algorithm  = "ecdsap256sha256"
      key_length = 256
      key_type   = "keySigning"
    }

    default_key_specs {
      algorithm  = "ecdsap256sha256"
      key_length = 256
      key_type   = "zoneSigning"
    }
  }

  cloud_logging_config {
    enable_logging = true
  }
}

resource "google_dns_managed_zone" "private" {
  name       = "internal"
  dns_name   = "shop.internal."
  visibility = "private"

  private_visibility_config {
    networks {
      network_url = google_compute_network.shop.id
    }
  }
}

resource "google_dns_record_set" "shop" {
  managed_zone = google_dns_managed_zone.public.name
  name         = "shop.acme.example."
  type         = "A"
  ttl          = 300
  rrdatas      = [google_compute_global_address.shop.address]
}
