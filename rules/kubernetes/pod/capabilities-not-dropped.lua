local pod = lib "pod"

return rule {
  id = "K8S-POD-010", title = "Container does not drop every capability",
  severity = "medium", category = "least-privilege",
  aliases = {
    "CKV_K8S_37", "AVD-KSV-0003", ["AVD-KSV-0004"] = "none", ["AVD-KSV-0106"] = { "none", "container" }, CKV_K8S_36 = "psp",
  },
  frameworks = { "CIS-K8S-1.9:5.2.10", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8",
    "ISO27001-2022:A.8.9" },
  for_each = { "k8s.workload", "k8s.podsecuritypolicy" },
  description = [[A container starts with more than a dozen capabilities that hardly any program needs.]],
  remediation = [[Set `securityContext.capabilities.drop: [ALL]` on every container.]],
  references = { "https://kubernetes.io/docs/concepts/security/pod-security-standards/" },
  check = function(e)
    if e.kind == "k8s.podsecuritypolicy" then
      local required = pod.get(e, e.raw.spec, "requiredDropCapabilities")
      if required == nil or #required == 0 then
        return fail("policy " .. e.name .. " does not make pods drop capabilities", { case = "psp" })
      end
      return
    end
    return pod.each(e, function(c)
      local dropped = pod.capabilities(c, "drop")
      if dropped.ALL then return end
      if #dropped == 0 then
        return fail(c.label .. " drops no capability", { case = "none", at = c.at, within = c.at })
      end
      return fail(c.label .. " drops " .. table.concat(dropped, ", ") .. " but not ALL",
        { case = "container", at = pod.own(c, "capabilities", "drop"), within = c.at })
    end)
  end,
  fix = {
    set("within.securityContext.capabilities.drop", { "ALL" }, "none"),
    set("within.securityContext.capabilities.drop", { "ALL" }, "container"),
  },
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  containers: [{ name: app, image: "app:1", securityContext: { capabilities: { drop: [NET_RAW] } } }]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  containers: [{ name: app, image: "app:1" }]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  containers: [{ name: app, image: "app:1", securityContext: { capabilities: { drop: [ALL] } } }]
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "app"
      image = "app:1"
      security_context {
        capabilities { drop = var.v }
      }
    }
  }
}]] },
  },
}
