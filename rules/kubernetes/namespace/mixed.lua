local pod = lib "pod"
local tags = lib "tags"

local function differing(e, wanted, normal)
  local first, at
  for _, workload in ipairs(pod.inside("k8s.workload", e.name)) do
    local value = tags.first(workload, wanted)
    if value ~= nil and normal then value = tags.normal(value) or value end
    if value ~= nil and first ~= nil and value ~= first then return first, value, at, workload end
    if value ~= nil and first == nil then first, at = value, workload end
  end
end

return rule {
  id = "K8S-NS-004", title = "One namespace holds several teams or environments",
  severity = "medium", category = "network",
  frameworks = { "CIS-K8S-1.9:5.7.1", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:6.5.3", "SOC2:CC6.6", "ISO27001-2022:A.8.31" },
  for_each = "k8s.namespace",
  description = [[Rights, quotas and policies are given by namespace; two teams or environments in one share them all.]],
  remediation = [[Give each team and environment a namespace of its own.]],
  references = { "https://kubernetes.io/docs/concepts/security/multi-tenancy/" },
  check = function(e)
    return each({ { "environment", tags.environment_keys, true }, { "team", { "team", "owner" }, false } }, function(kind)
      local a, b, first, second = differing(e, kind[2], kind[3])
      if a then
        return fail("namespace " .. e.name .. " holds workloads of the " .. kind[1] .. "s " .. a .. " and " .. b,
          { at = e, evidence = { { first, a }, { second, b } } })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: fire }
---
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: fire, labels: { environment: prod } }
spec: { containers: [{ name: app, image: "app:1" }] }
---
apiVersion: v1
kind: Pod
metadata: { name: b, namespace: fire, labels: { environment: dev } }
spec: { containers: [{ name: app, image: "app:1" }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: dont-fire }
---
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: dont-fire, labels: { environment: prod } }
spec: { containers: [{ name: app, image: "app:1" }] }
---
apiVersion: v1
kind: Pod
metadata: { name: b, namespace: dont-fire, labels: { environment: production } }
spec: { containers: [{ name: app, image: "app:1" }] }
]] },
    unknown = { [[
variable "team" {}
resource "kubernetes_namespace" "a" {
  metadata { name = "shop" }
}
resource "kubernetes_deployment" "one" {
  metadata {
    name      = "one"
    namespace = "shop"
    labels    = { team = "search" }
  }
  spec {
    template {
      spec {
        container {
          name  = "c"
          image = "c:1.2.3"
        }
      }
    }
  }
}
resource "kubernetes_deployment" "two" {
  metadata {
    name      = "two"
    namespace = "shop"
    labels    = { team = var.team }
  }
  spec {
    template {
      spec {
        container {
          name  = "c"
          image = "c:1.2.3"
        }
      }
    }
  }
}]] },
  },
}
