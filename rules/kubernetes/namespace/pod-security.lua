local tags = lib "tags"

return rule {
  id = "K8S-NS-002", title = "Namespace does not enforce a pod security level",
  severity = "high", category = "least-privilege",
  frameworks = { "CIS-K8S-1.9:5.2.1", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = "k8s.namespace",
  where = function(e) return not one_of(e.name, "kube-system", "kube-public", "kube-node-lease") end,
  description = [[Pod security admission refuses pods that break the chosen standard. Without the label nothing is refused. Where
Kyverno, Gatekeeper or another controller does it, set the parameter `pod_security` to its name.]],
  remediation = [[Label the namespace `pod-security.kubernetes.io/enforce: restricted` (at least `baseline`).]],
  references = { "https://kubernetes.io/docs/concepts/security/pod-security-admission/" },
  check = function(e)
    if param("pod_security", "labels") ~= "labels" then return end
    local level = e.tags["pod-security.kubernetes.io/enforce"]
    if level == nil then return fail("namespace " .. e.name .. " enforces no pod security standard", { at = "metadata.labels" }) end
    if level == "privileged" then
      return fail("namespace " .. e.name .. " enforces the level privileged, which refuses nothing", { at = "metadata.labels" })
    end
    if level ~= "restricted" and tags.production(e) then
      return fail("production namespace " .. e.name .. " enforces " .. level .. " instead of restricted",
        { at = "metadata.labels", severity = "medium" })
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: fire }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: dont-fire, labels: { pod-security.kubernetes.io/enforce: restricted } }
]] },
    unknown = { [[
variable "labels" { type = map(string) }
resource "kubernetes_namespace" "a" {
  metadata {
    name   = "a"
    labels = var.labels
  }
}]] },
  },
}
