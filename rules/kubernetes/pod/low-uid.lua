local pod = lib "pod"

return rule {
  id = "K8S-POD-004", title = "Container runs with a low user or group id",
  severity = "low", category = "least-privilege",
  aliases = { CKV_K8S_40 = "user", ["AVD-KSV-0020"] = "user", ["AVD-KSV-0021"] = "group", ["AVD-KSV-0116"] = "supplementary" },
  frameworks = { "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = "k8s.workload",
  description = [[User and group numbers below 10000 are those of the node's own accounts; a process that escapes its
container then meets files that belong to "itself". A user namespace of its own (`hostUsers: false`) removes the danger.]],
  remediation = [[Set `runAsUser` and `runAsGroup` to 10000 or more, on the pod or the container, and no 0 in
`supplementalGroups`.]],
  references = { "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/" },
  check = function(e)
    if pod.get(e, e.pod, "hostUsers") == false then return end
    local function low(c, field, what)
      local id = tonumber(pod.effective(c, field))
      if id and id >= 10000 then return end
      local is = id and (" runs as " .. what .. " " .. math.tointeger(id)) or (" sets no " .. field)
      return fail(c.label .. is .. "; numbers below 10000 are the node's own", { case = what, at = c.at })
    end
    local containers = pod.containers(e)
    containers[#containers + 1] = "pod"
    return each(containers, function(c)
      if c ~= "pod" then return { low(c, "runAsUser", "user"), low(c, "runAsGroup", "group") } end
      for _, group in ipairs(pod.get(e, e.pod, "securityContext", "supplementalGroups") or {}) do
        if tonumber(group) == 0 then return fail("the pod is a member of group 0", { case = "supplementary" }) end
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  securityContext: { runAsUser: 1000, runAsGroup: 10001 }
  containers: [{ name: app, image: "app:1" }]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  securityContext: { runAsUser: 10001, runAsGroup: 10001 }
  containers: [{ name: app, image: "app:1" }]
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "app"
      image = "app:1"
      security_context { run_as_user = var.v }
    }
  }
}]] },
  },
}
