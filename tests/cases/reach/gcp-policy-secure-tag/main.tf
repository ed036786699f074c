resource "google_compute_network" "n" {
  name = "n"
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "s" {
  name = "s"
  network = google_compute_network.n.id
  ip_cidr_range = "10.0.0.0/24"
  region = "europe-west1"
}

resource "google_compute_instance" "web" {
  name = "web"
  machine_type = "e2-small"
  network_interface {
    subnetwork = google_compute_subnetwork.s.id
    access_config {}
  }
}

resource "google_compute_network_firewall_policy" "p" {
  name = "p"
}

resource "google_compute_network_firewall_policy_association" "p" {
  name = "p"
  attachment_target = google_compute_network.n.id
  firewall_policy = google_compute_network_firewall_policy.p.name
}

resource "google_tags_tag_value" "web" {
  parent     = "tagKeys/1"
  short_name = "web"
}

resource "google_tags_location_tag_binding" "web" {
  parent    = "//compute.googleapis.com/projects/1/zones/europe-west1-b/instances/${google_compute_instance.web.instance_id}"
  tag_value = google_tags_tag_value.web.id
  location  = "europe-west1-b"
}

resource "google_compute_network_firewall_policy_rule" "r" {
  firewall_policy = google_compute_network_firewall_policy.p.name
  priority        = 100
  direction       = "INGRESS"
  action          = "allow"
  target_secure_tags {
    name = google_tags_tag_value.web.id
  }
  match {
    src_ip_ranges = ["0.0.0.0/0"]
    layer4_configs {
      ip_protocol = "tcp"
      ports       = ["443"]
    }
  }
}
