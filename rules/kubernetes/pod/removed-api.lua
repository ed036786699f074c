-- Versions of APIs and the release that stopped serving them (Kubernetes deprecation guide).
local removed = {
  ["extensions/v1beta1/Deployment"] = "1.16", ["extensions/v1beta1/DaemonSet"] = "1.16",
  ["extensions/v1beta1/ReplicaSet"] = "1.16", ["extensions/v1beta1/NetworkPolicy"] = "1.16",
  ["extensions/v1beta1/PodSecurityPolicy"] = "1.16", ["extensions/v1beta1/Ingress"] = "1.22",
  ["apps/v1beta1/Deployment"] = "1.16", ["apps/v1beta1/StatefulSet"] = "1.16", ["apps/v1beta2/Deployment"] = "1.16",
  ["apps/v1beta2/StatefulSet"] = "1.16", ["apps/v1beta2/DaemonSet"] = "1.16", ["apps/v1beta2/ReplicaSet"] = "1.16",
  ["networking.k8s.io/v1beta1/Ingress"] = "1.22", ["batch/v1beta1/CronJob"] = "1.25", ["batch/v2alpha1/CronJob"] = "1.21",
  ["policy/v1beta1/PodDisruptionBudget"] = "1.25", ["policy/v1beta1/PodSecurityPolicy"] = "1.25",
  ["autoscaling/v2beta1/HorizontalPodAutoscaler"] = "1.25", ["autoscaling/v2beta2/HorizontalPodAutoscaler"] = "1.26",
  ["rbac.authorization.k8s.io/v1beta1/Role"] = "1.22", ["rbac.authorization.k8s.io/v1beta1/ClusterRole"] = "1.22",
  ["rbac.authorization.k8s.io/v1beta1/RoleBinding"] = "1.22", ["rbac.authorization.k8s.io/v1beta1/ClusterRoleBinding"] = "1.22",
  ["rbac.authorization.k8s.io/v1alpha1/ClusterRole"] = "1.22", ["rbac.authorization.k8s.io/v1alpha1/ClusterRoleBinding"] = "1.22",
  ["scheduling.k8s.io/v1beta1/PriorityClass"] = "1.22",
}

local function number(version)
  local major, minor = string.match(version, "^v?(%d+)%.(%d+)")
  return major and tonumber(major) * 1000 + tonumber(minor)
end

return rule {
  id = "K8S-POD-045", title = "Object fails its schema or uses a removed API",
  severity = "high", category = "hygiene",
  aliases = { ["AVD-KSV-0107"] = "removed", ["no-extensions-v1beta"] = "removed", ["schema-validation"] = "schema" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = { "k8s.workload", "k8s.ingress", "k8s.networkpolicy", "k8s.poddisruptionbudget", "k8s.horizontalpodautoscaler",
    "k8s.podsecuritypolicy", "k8s.role", "k8s.rolebinding", "k8s.priorityclass" },
  where = function(e) return e.raw.apiVersion ~= nil and e.raw.kind ~= nil end,
  description = [[The API server of newer releases does not know the object's version, so it cannot be applied. The target
release stands in the parameter `kubernetes_version`; without it any removed version counts. Objects that lack what every schema
demands (containers with names) fail as well.]],
  remediation = [[Write the object for the current version of its API, `apps/v1` or `networking.k8s.io/v1` for instance.]],
  references = { "https://kubernetes.io/docs/reference/using-api/deprecation-guide/" },
  check = function(e)
    local version = e.raw.apiVersion .. "/" .. e.raw.kind
    local since, target = removed[version], param("kubernetes_version", "")
    if since and (target == "" or (number(target) or 9999) >= number(since)) then
      return fail(e.name .. " uses " .. e.raw.apiVersion .. ", which Kubernetes " .. since .. " no longer serves",
        { case = "removed", at = e.raw })
    end
    if e.kind ~= "k8s.workload" then return end
    local containers = e.pod and e.pod.containers
    if containers == nil then
      return fail(e.name .. " has no containers, which the API server refuses", { case = "schema", at = e.raw })
    end
    return each(containers, function(c)
      if c.name == nil then return fail("a container of " .. e.name .. " has no name", { case = "schema", at = c }) end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: extensions/v1beta1
kind: Ingress
metadata: { name: fire }
spec: { rules: [] }
]] },
    pass = { yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: dont-fire }
spec: { rules: [] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "v1"
    kind       = "Pod"
    metadata   = { name = "a" }
    spec       = { containers = var.v }
  }
}]] },
  },
}
