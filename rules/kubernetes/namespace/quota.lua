local pod = lib "pod"

local function any(kind, namespace)
  return #pod.inside(kind, namespace) > 0
end

return rule {
  id = "K8S-NS-003", title = "Namespace has no resource quota or limit range",
  severity = "low", category = "resilience",
  aliases = { ["AVD-KSV-0039"] = "limits", ["AVD-KSV-0040"] = "quota" },
  frameworks = { "NIST-800-53r5:SC-5", "SOC2:A1.1", "ISO27001-2022:A.8.6" },
  for_each = "k8s.namespace",
  where = function(e)
    return not match(e.name, "^kube-") and any("k8s.workload", e.name)
  end,
  description = [[Without a quota one namespace can use up the cluster; without a LimitRange containers that name no limits have
none.]],
  remediation = [[Add a ResourceQuota and a LimitRange to the namespace.]],
  references = { "https://kubernetes.io/docs/concepts/policy/resource-quotas/" },
  check = function(e)
    local found = {}
    if not any("k8s.resourcequota", e.name) then
      found[1] = fail("namespace " .. e.name .. " has workloads but no resource quota", { case = "quota", at = e })
    end
    if not any("k8s.limitrange", e.name) then
      found[#found + 1] = fail("namespace " .. e.name .. " has workloads but no limit range", { case = "limits", at = e })
    end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: fire }
---
apiVersion: v1
kind: Pod
metadata: { name: app, namespace: fire }
spec: { containers: [{ name: app, image: "app:1" }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: dont-fire }
---
apiVersion: v1
kind: Pod
metadata: { name: app, namespace: dont-fire }
spec: { containers: [{ name: app, image: "app:1" }] }
---
apiVersion: v1
kind: ResourceQuota
metadata: { name: quota, namespace: dont-fire }
spec: { hard: { pods: 10 } }
---
apiVersion: v1
kind: LimitRange
metadata: { name: limits, namespace: dont-fire }
spec: { limits: [] }
]] },
    unknown = { [[
variable "namespace" {}
resource "kubernetes_namespace" "a" {
  metadata { name = "shop" }
}
resource "kubernetes_resource_quota" "q" {
  metadata {
    name      = "q"
    namespace = var.namespace
  }
  spec { hard = { pods = "10" } }
}
resource "kubernetes_limit_range" "l" {
  metadata {
    name      = "l"
    namespace = "shop"
  }
  spec {
    limit { type = "Container" }
  }
}
resource "kubernetes_deployment" "d" {
  metadata {
    name      = "api"
    namespace = "shop"
  }
  spec {
    template {
      metadata { labels = { app = "api" } }
      spec {
        container {
          name  = "api"
          image = "api:1.2.3"
        }
      }
    }
  }
}]] },
  },
}
