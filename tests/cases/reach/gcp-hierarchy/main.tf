resource "google_folder" "shops" {
  display_name = "shops"
  parent       = "organizations/1"
}

resource "google_folder" "shop" {
  display_name = "shop"
  parent       = google_folder.shops.name
}

resource "google_folder" "labs" {
  display_name = "labs"
  parent       = "organizations/1"
}

resource "google_project" "shop" {
  name       = "shop"
  project_id = "acme-shop"
  folder_id  = google_folder.shop.name
}

resource "google_compute_network" "n" {
  project                 = google_project.shop.project_id
  name                    = "n"
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "s" {
  project       = google_project.shop.project_id
  name          = "s"
  network       = google_compute_network.n.id
  ip_cidr_range = "10.0.0.0/24"
  region        = "europe-west1"
}

resource "google_compute_instance" "web" {
  project      = google_project.shop.project_id
  name         = "web"
  machine_type = "e2-small"
  network_interface {
    subnetwork = google_compute_subnetwork.s.id
    access_config {}
  }
}

resource "google_compute_firewall" "web" {
  project       = google_project.shop.project_id
  name          = "web"
  network       = google_compute_network.n.name
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["443", "22"]
  }
}

resource "google_compute_firewall_policy" "p" {
  short_name = "p"
  parent     = "organizations/1"
}

resource "google_compute_firewall_policy_association" "p" {
  name              = "p"
  attachment_target = google_folder.shops.name
  firewall_policy   = google_compute_firewall_policy.p.name
}

resource "google_compute_firewall_policy_rule" "deny" {
  firewall_policy = google_compute_firewall_policy.p.name
  priority        = 100
  direction       = "INGRESS"
  action          = "deny"
  match {
    src_ip_ranges = ["0.0.0.0/0"]
    layer4_configs {
      ip_protocol = "tcp"
      ports       = ["22"]
    }
  }
}

resource "google_compute_firewall_policy" "q" {
  short_name = "q"
  parent     = "organizations/1"
}

resource "google_compute_firewall_policy_association" "q" {
  name              = "q"
  attachment_target = "organizations/2"
  firewall_policy   = google_compute_firewall_policy.q.name
}

resource "google_compute_firewall_policy_rule" "allow" {
  firewall_policy = google_compute_firewall_policy.q.name
  priority        = 100
  direction       = "INGRESS"
  action          = "allow"
  match {
    src_ip_ranges = ["0.0.0.0/0"]
    layer4_configs {
      ip_protocol = "tcp"
      ports       = ["22"]
    }
  }
}
