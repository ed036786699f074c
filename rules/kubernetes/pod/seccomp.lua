local pod = lib "pod"

return rule {
  id = "K8S-POD-015", title = "Seccomp profile is missing or unconfined",
  severity = "medium", category = "least-privilege",
  aliases = { CKV_K8S_31 = "container", ["AVD-KSV-0030"] = "container", ["AVD-KSV-0104"] = "container", CKV_K8S_32 = "psp" },
  frameworks = { "CIS-K8S-1.9:5.7.2", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8",
    "ISO27001-2022:A.8.9" },
  for_each = { "k8s.workload", "k8s.podsecuritypolicy" },
  description = [[Seccomp keeps a container from the system calls that break-outs need. Without a profile all are allowed.]],
  remediation = [[Set `securityContext.seccompProfile.type: RuntimeDefault` on the pod.]],
  references = { "https://kubernetes.io/docs/tutorials/security/seccomp/" },
  -- Localhost passes, although CKV_K8S_31 takes RuntimeDefault only: a profile of one's own is at least as strict in the
  -- restricted standard's view.
  check = function(e)
    local metadata = e.raw.metadata
    if e.kind == "k8s.workload" then metadata = e.template end
    local annotations = pod.get(e, metadata, "annotations") or {}
    local function docker_default(key)
      local value = annotations[key]
      return value ~= nil and (value == "runtime/default" or value == "docker/default" or starts(value, "localhost/"))
    end
    if e.kind == "k8s.podsecuritypolicy" then
      if not docker_default("seccomp.security.alpha.kubernetes.io/defaultProfileName") then
        return fail("policy " .. e.name .. " sets no seccomp profile", { case = "psp" })
      end
      return
    end
    return pod.each(e, function(c)
      local profile = pod.effective(c, "seccompProfile", "type")
      if one_of(profile, "RuntimeDefault", "Localhost") then return end
      if profile == nil and (docker_default("seccomp.security.alpha.kubernetes.io/pod")
          or docker_default("container.seccomp.security.alpha.kubernetes.io/" .. c.name)) then return end
      local is = profile == nil and " has no seccomp profile" or (" has the seccomp profile " .. profile)
      return fail(c.label .. is, { case = "container", at = c.at, within = c.at })
    end)
  end,
  fix = set("within.securityContext.seccompProfile.type", "RuntimeDefault", "container"),
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1" }] }
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  securityContext: { seccompProfile: { type: RuntimeDefault } }
  containers: [{ name: app, image: "app:1", securityContext: { seccompProfile: { type: Unconfined } } }]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  securityContext: { seccompProfile: { type: RuntimeDefault } }
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
      security_context {
        seccomp_profile { type = var.v }
      }
    }
  }
}]] },
  },
}
