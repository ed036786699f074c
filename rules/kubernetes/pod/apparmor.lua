local pod = lib "pod"

return rule {
  id = "K8S-POD-016", title = "AppArmor profile is unconfined",
  severity = "medium", category = "least-privilege",
  aliases = { "AVD-KSV-0002" },
  frameworks = { "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = "k8s.workload",
  description = [[AppArmor confines what a container may read, mount and signal. `Unconfined` takes that away. Where nothing is
set, the runtime's default profile applies on nodes whose kernel has AppArmor, and none elsewhere.]],
  remediation = [[Set `securityContext.appArmorProfile.type: RuntimeDefault` (or `Localhost` with a profile).]],
  references = { "https://kubernetes.io/docs/tutorials/security/apparmor/" },
  check = function(e)
    local annotations = pod.get(e, e.template, "annotations") or {}
    return pod.each(e, function(c)
      local profile = pod.effective(c, "appArmorProfile", "type")
        or annotations["container.apparmor.security.beta.kubernetes.io/" .. c.name]
      if profile == nil then unknown("no AppArmor profile is set, and what the nodes apply then is not known") end
      if lower(profile) == "unconfined" then
        return fail(c.label .. " runs without AppArmor (" .. profile .. ")", { at = c.at })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, annotations: { container.apparmor.security.beta.kubernetes.io/app: unconfined } }
spec: { containers: [{ name: app, image: "app:1" }] }
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1", securityContext: { appArmorProfile: { type: Unconfined } } }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  securityContext: { appArmorProfile: { type: RuntimeDefault } }
  containers: [{ name: app, image: "app:1" }]
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a }
spec: { containers: [{ name: app, image: "app:1" }] }
]] },
  },
}
