local pod = lib "pod"

-- Numbers of users are text in Terraform's provider.
local function user(c)
  return tonumber(pod.effective(c, "runAsUser"))
end

return rule {
  id = "K8S-POD-003", title = "Container may run as root",
  severity = "high", category = "least-privilege",
  aliases = {
    "CKV_K8S_23", "AVD-KSV-0012", "run-as-non-root", ["AVD-KSV-0105"] = "uid-0",
    CKV_K8S_6 = "psp",
  },
  frameworks = { "CIS-K8S-1.9:5.2.7", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8",
    "ISO27001-2022:A.8.9" },
  for_each = { "k8s.workload", "k8s.podsecuritypolicy" },
  description = [[Root in a container is root on the node as soon as one barrier fails. Where neither a user nor
`runAsNonRoot` is set, the image alone decides, and most images choose root.]],
  remediation = [[Set `securityContext.runAsNonRoot: true`, on the pod or on each container, and a `runAsUser` above 0 where
the image names its user by text.]],
  references = { "https://kubernetes.io/docs/concepts/security/pod-security-standards/" },
  -- Unset counts as "may run as root", as for the peers: what the image says is not part of the object. A user above 0
  -- passes without runAsNonRoot, although AVD-KSV-0012 asks for the flag: such a process is not root.
  check = function(e)
    if e.kind == "k8s.podsecuritypolicy" then
      local rule = pod.get(e, e.raw.spec, "runAsUser", "rule")
      if rule == "MustRunAsNonRoot" then return end
      if rule == "MustRunAs" then
        local zero = false
        for _, range in ipairs(pod.get(e, e.raw.spec, "runAsUser", "ranges") or {}) do
          if tonumber(range.min) == 0 then zero = true end
        end
        if not zero then return end
      end
      return fail("policy " .. e.name .. " lets containers run as root", { case = "psp" })
    end
    return pod.each(e, function(c)
      local uid = user(c)
      if uid == 0 then return fail(c.label .. " runs as user 0", { case = "uid-0", at = c.at }) end
      if uid then return end
      local non_root = pod.effective(c, "runAsNonRoot")
      if non_root == true then return end
      if non_root == false then return fail(c.label .. " sets runAsNonRoot: false and no user", { case = "root", at = c.at, within = c.at }) end
      return fail(c.label .. " sets neither runAsNonRoot nor a user, so the image may run it as root",
        { case = "root", at = c.at, within = c.at })
    end)
  end,
  fix = set("within.securityContext.runAsNonRoot", true, "root"),
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
  securityContext: { runAsNonRoot: true }
  containers: [{ name: app, image: "app:1", securityContext: { runAsUser: 0 } }]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  securityContext: { runAsNonRoot: true }
  containers: [{ name: app, image: "app:1" }]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  containers: [{ name: app, image: "app:1", securityContext: { runAsUser: 10001 } }]
]] },
    unknown = { [[
variable "u" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    security_context { run_as_user = var.u }
    container { name = "app" }
  }
}]] },
  },
}
