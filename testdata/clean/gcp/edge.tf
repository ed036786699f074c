# The way in: HTTPS with a strict policy, Cloud Armor in front, HTTP only to redirect.

resource "google_compute_global_address" "shop" {
  name = "shop"
}

resource "google_compute_ssl_policy" "strict" {
  name            = "strict"
  profile         = "RESTRICTED"
  min_tls_version = "TLS_1_2"
}

resource "google_compute_managed_ssl_certificate" "shop" {
  name = "shop"

  managed {
    domains = ["shop.acme.example"]
  }
}

resource "google_compute_health_check" "shop" {
  name = "shop"

  https_health_check {
    port         = 8443
    request_path = "/healthz"
  }
}

resource "google_compute_security_policy" "shop" {
  name = "shop"

  rule {
    action      = "deny(403)"
    priority    = 100
    description = "Log4Shell and its kin"

    match {
      expr {
        expression = "evaluatePreconfiguredWaf('cve-canary')"
      }
    }
  }

  rule {
    action      = "deny(403)"
    priority    = 110
    description = "SQL injection"

    match {
      expr {
        expression = "evaluatePreconfiguredWaf('sqli-v33-stable', {'sensitivity': 1})"
      }
    }
  }

  rule {
    action      = "throttle"
    priority    = 2147483647
    description = "What is left, at a rate that people reach"

    match {
      versioned_expr = "SRC_IPS_V1"

      config {
        src_ip_ranges = ["*"]
      }
    }

    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"

      rate_limit_threshold {
        count        = 600
        interval_sec = 60
      }
    }
  }
}

resource "google_compute_backend_service" "shop" {
  name                  = "shop"
  protocol              = "HTTPS"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  health_checks         = [google_compute_health_check.shop.id]
  security_policy       = google_compute_security_policy.shop.id

  backend {
    group = "projects/acme-shop-prod/zones/europe-west3-a/networkEndpointGroups/shop"
  }

  log_config {
    enable      = true
    sample_rate = 1
  }
}

resource "google_compute_url_map" "shop" {
  name            = "shop"
  default_service = google_compute_backend_service.shop.id
}

resource "google_compute_target_https_proxy" "shop" {
  name             = "shop"
  url_map          = google_compute_url_map.shop.id
  ssl_certificates = [google_compute_managed_ssl_certificate.shop.id]
  ssl_policy       = google_compute_ssl_policy.strict.id
}

resource "google_compute_global_forwarding_rule" "https" {
  name                  = "shop-https"
  target                = google_compute_target_https_proxy.shop.id
  ip_address            = google_compute_global_address.shop.id
  port_range            = "443"
  load_balancing_scheme = "EXTERNAL_MANAGED"
}

resource "google_compute_url_map" "redirect" {
  name = "redirect"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "MOVED_PERMANENTLY_DEFAULT"
    strip_query            = false
  }
}

resource "google_compute_target_http_proxy" "redirect" {
  name    = "redirect"
  url_map = google_compute_url_map.redirect.id
}

resource "google_compute_global_forwarding_rule" "http" {
  name                  = "shop-http"
  target                = google_compute_target_http_proxy.redirect.id
  ip_address            = google_compute_global_address.shop.id
  port_range            = "80"
  load_balancing_scheme = "EXTERNAL_MANAGED"
}
