local pod = lib "pod"

return rule {
  id = "K8S-POD-002", title = "Container may raise its privileges",
  severity = "high", category = "least-privilege",
  aliases = {
    CKV_K8S_20 = "container", ["AVD-KSV-0001"] = "container", ["privilege-escalation-container"] = "container",
    CKV_K8S_5 = "psp",
  },
  frameworks = { "CIS-K8S-1.9:5.2.6", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8",
    "ISO27001-2022:A.8.9" },
  for_each = { "k8s.workload", "k8s.podsecuritypolicy" },
  description = [[Without `allowPrivilegeEscalation: false` a process may gain rights that its parent does not have, through
setuid programs for instance. The default is true.]],
  remediation = [[Set `securityContext.allowPrivilegeEscalation: false` on every container.]],
  references = { "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/" },
  check = function(e)
    if e.kind == "k8s.podsecuritypolicy" then
      if pod.get(e, e.raw.spec, "allowPrivilegeEscalation") ~= false then
        return fail("policy " .. e.name .. " lets processes raise their privileges", { case = "psp" })
      end
      return
    end
    return pod.each(e, function(c)
      local allowed = pod.own(c, "allowPrivilegeEscalation")
      if allowed == false then return end
      local why = allowed == nil and " does not set allowPrivilegeEscalation: false" or " sets allowPrivilegeEscalation: true"
      return fail(c.label .. why, { case = "container", at = c.at, within = c.at })
    end)
  end,
  fix = set("within.securityContext.allowPrivilegeEscalation", false, "container"),
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  containers: [{ name: app, image: "app:1" }]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  containers: [{ name: app, image: "app:1", securityContext: { allowPrivilegeEscalation: true } }]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  containers: [{ name: app, image: "app:1", securityContext: { allowPrivilegeEscalation: false } }]
]], [[
resource "kubernetes_pod" "dont_fire" {
  metadata { name = "dont-fire" }
  spec {
    container {
      name = "app"
      security_context { allow_privilege_escalation = false }
    }
  }
}]] },
    unknown = { [[
variable "p" { type = bool }
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name = "app"
      security_context { allow_privilege_escalation = var.p }
    }
  }
}]] },
  },
}
