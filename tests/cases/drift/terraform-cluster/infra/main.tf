provider "kubernetes" {
  config_path = "~/.kube/config"
}

locals {
  labels = { app = "api", "team_name" = "trade" }
}

resource "kubernetes_namespace_v1" "shop" {
  metadata {
    name   = "shop"
    labels = { "pod-security.kubernetes.io/enforce" = "restricted" }
  }
}

resource "kubernetes_deployment_v1" "api" {
  metadata {
    name      = "api"
    namespace = kubernetes_namespace_v1.shop.metadata[0].name
    labels    = local.labels
  }
  spec {
    replicas = 2
    selector { match_labels = { app = "api" } }
    strategy {
      rolling_update { max_surge = "1" }
    }
    template {
      metadata { labels = local.labels }
      spec {
        service_account_name = "api"
        host_pid             = false
        affinity {
          pod_anti_affinity {
            required_during_scheduling_ignored_during_execution {
              topology_key = "kubernetes.io/hostname"
              label_selector { match_labels = { app = "api" } }
            }
          }
          node_affinity {
            required_during_scheduling_ignored_during_execution {
              node_selector_term {
                match_expressions {
                  key      = "pool"
                  operator = "In"
                  values   = ["general"]
                }
              }
            }
          }
        }
        toleration {
          key    = "spot"
          value  = "true"
          effect = "NoSchedule"
        }
        container {
          name  = "api"
          image = "registry.example.com/api:1.4"
          args  = ["serve"]
          port { container_port = 8080 }
          env {
            name  = "LOG"
            value = "info"
          }
          env {
            name = "PASSWORD"
            value_from {
              secret_key_ref {
                name = "api"
                key  = "password"
              }
            }
          }
          env_from {
            config_map_ref { name = "api" }
          }
          resources {
            limits   = { cpu = "1", memory = "1Gi" }
            requests = { cpu = "500m" }
          }
          security_context {
            run_as_non_root            = true
            allow_privilege_escalation = false
            capabilities { drop = ["ALL"] }
          }
          liveness_probe {
            http_get {
              path = "/health"
              port = 8080
            }
          }
          dynamic "volume_mount" {
            for_each = { config = "/etc/api", tmp = "/tmp" }
            content {
              name       = volume_mount.key
              mount_path = volume_mount.value
              read_only  = volume_mount.key == "config"
            }
          }
        }
        volume {
          name = "config"
          config_map {
            name         = "api"
            default_mode = "0440"
          }
        }
        volume {
          name = "tmp"
          empty_dir {}
        }
      }
    }
  }
  wait_for_rollout = false
  timeouts { create = "5m" }
}

resource "kubernetes_service" "api" {
  metadata {
    name      = "api"
    namespace = "shop"
  }
  spec {
    selector = { app = "api" }
    port {
      port        = 80
      target_port = 8080
    }
  }
}

resource "kubernetes_config_map" "api" {
  metadata {
    name      = "api"
    namespace = "shop"
  }
  data = { log_level = "info", "app.conf" = "a=1" }
}

resource "kubernetes_service_account" "api" {
  metadata {
    name      = "api"
    namespace = "shop"
  }
}

resource "kubernetes_role" "api" {
  metadata {
    name      = "api"
    namespace = "shop"
  }
  rule {
    api_groups     = [""]
    resources      = ["secrets"]
    resource_names = ["api"]
    verbs          = ["get"]
  }
}

resource "kubernetes_role_binding" "api" {
  metadata {
    name      = "api"
    namespace = "shop"
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "Role"
    name      = "api"
  }
  subject {
    kind      = "ServiceAccount"
    name      = "api"
    namespace = "shop"
  }
}

resource "kubernetes_network_policy_v1" "api" {
  metadata {
    name      = "api"
    namespace = "shop"
  }
  spec {
    pod_selector { match_labels = { app = "api" } }
    policy_types = ["Ingress"]
    ingress {
      from {
        ip_block {
          cidr   = "10.0.0.0/8"
          except = ["10.1.0.0/16"]
        }
      }
      ports {
        port     = "8080"
        protocol = "TCP"
      }
    }
  }
}

resource "kubernetes_daemonset" "agent" {
  metadata {
    name      = "agent"
    namespace = "shop"
  }
  spec {
    selector { match_labels = { app = "agent" } }
    strategy { type = "OnDelete" }
    template {
      metadata { labels = { app = "agent" } }
      spec {
        container {
          name  = "agent"
          image = "registry.example.com/agent:2"
          security_context { run_as_user = "1000" }
        }
      }
    }
  }
}

resource "kubernetes_manifest" "limits" {
  manifest = {
    apiVersion = "v1"
    kind       = "LimitRange"
    metadata   = { name = "limits", namespace = "shop" }
    spec       = { limits = [{ type = "Container", default = { memory = "512Mi" } }] }
  }
}

resource "kubernetes_config_map_v1_data" "patch" {
  metadata {
    name      = "elsewhere"
    namespace = "shop"
  }
  data = { a = "b" }
}

resource "kubernetes_config_map_v1" "lost" {
  metadata {
    name      = "lost"
    namespace = "shop"
  }
}
