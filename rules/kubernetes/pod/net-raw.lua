local pod = lib "pod"

return rule {
  id = "K8S-POD-011", title = "Container keeps raw sockets",
  severity = "medium", category = "least-privilege",
  aliases = {
    CKV_K8S_28 = "container", ["drop-net-raw-capability"] = "container", ["AVD-KSV-0119"] = "added", CKV_K8S_7 = "psp",
  },
  frameworks = { "CIS-K8S-1.9:5.2.8", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8",
    "ISO27001-2022:A.8.9" },
  for_each = { "k8s.workload", "k8s.podsecuritypolicy" },
  description = [[`NET_RAW` is in the default set and lets a container forge packets, which poisons ARP and DNS for its
neighbours.]],
  remediation = [[Drop `ALL` (or at least `NET_RAW`), and do not add `NET_RAW`.]],
  references = { "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/" },
  check = function(e)
    if e.kind == "k8s.podsecuritypolicy" then
      for _, name in ipairs(pod.get(e, e.raw.spec, "requiredDropCapabilities") or {}) do
        if name == "ALL" or name == "NET_RAW" then return end
      end
      return fail("policy " .. e.name .. " does not make pods drop NET_RAW", { case = "psp" })
    end
    return pod.each(e, function(c)
      local found = {}
      if pod.capabilities(c, "add").NET_RAW then
        found[1] = fail(c.label .. " adds NET_RAW", { case = "added", at = pod.own(c, "capabilities", "add") })
      end
      if not pod.drops(c, "NET_RAW") then
        found[#found + 1] = fail(c.label .. " drops neither ALL nor NET_RAW", { case = "container", at = c.at, within = c.at })
      end
      return found
    end)
  end,
  fix = set("within.securityContext.capabilities.drop", { "ALL" }, "container"),
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
  containers: [{ name: app, image: "app:1", securityContext: { capabilities: { drop: [ALL], add: [NET_RAW] } } }]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  containers:
    - { name: app, image: "app:1", securityContext: { capabilities: { drop: [ALL] } } }
    - { name: side, image: "side:1", securityContext: { capabilities: { drop: [NET_RAW] } } }
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
