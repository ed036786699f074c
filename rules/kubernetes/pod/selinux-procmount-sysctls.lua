local pod = lib "pod"

-- Pod security standards, baseline: Sysctls and SELinux.
local safe_sysctls = {
  ["kernel.shm_rmid_forced"] = true, ["net.ipv4.ip_local_port_range"] = true, ["net.ipv4.tcp_syncookies"] = true,
  ["net.ipv4.ping_group_range"] = true, ["net.ipv4.ip_unprivileged_port_start"] = true,
  ["net.ipv4.ip_local_reserved_ports"] = true, ["net.ipv4.tcp_keepalive_time"] = true,
  ["net.ipv4.tcp_fin_timeout"] = true, ["net.ipv4.tcp_keepalive_intvl"] = true,
  ["net.ipv4.tcp_keepalive_probes"] = true,
}

local safe_types = { [""] = true, container_t = true, container_init_t = true, container_kvm_t = true, container_engine_t = true }

local function selinux(e, context, label)
  local options = pod.get(e, context, "seLinuxOptions")
  if options == nil then return end
  local user, role, kind = options.user or "", options.role or "", options.type or ""
  if user ~= "" or role ~= "" or not safe_types[kind] then
    local what = user ~= "" and "user " .. user or role ~= "" and "role " .. role or "type " .. kind
    return fail(label .. " sets the SELinux " .. what, { case = "selinux", at = options })
  end
end

return rule {
  id = "K8S-POD-017", title = "SELinux options, proc mask or unsafe kernel settings are overridden",
  severity = "medium", category = "least-privilege",
  aliases = {
    ["AVD-KSV-0025"] = "selinux", ["AVD-KSV-0027"] = "proc-mount", ["unsafe-proc-mount"] = "proc-mount",
    ["AVD-KSV-0026"] = "sysctls", ["unsafe-sysctls"] = "sysctls",
  },
  frameworks = { "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = "k8s.workload",
  description = [[Custom SELinux labels, an unmasked `/proc` and kernel settings that are not namespaced all reach past the
container to the node.]],
  remediation = [[Leave `seLinuxOptions` user and role unset, `procMount` at `Default`, and only safe settings in `sysctls`.]],
  references = {
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/",
  },
  check = function(e)
    local places = pod.containers(e)
    places[#places + 1] = "pod"
    return each(places, function(c)
      local found = {}
      if c == "pod" then
        found[1] = selinux(e, pod.get(e, e.pod, "securityContext"), "the pod of " .. e.name)
        for _, sysctl in ipairs(pod.get(e, e.pod, "securityContext", "sysctls") or {}) do
          if not safe_sysctls[sysctl.name] then
            found[#found + 1] = fail("the pod of " .. e.name .. " sets " .. sysctl.name .. ", which is outside the safe set",
              { case = "sysctls", at = sysctl })
          end
        end
        return found
      end
      found[1] = selinux(e, pod.own(c), c.label)
      local mask = pod.own(c, "procMount")
      if mask ~= nil and mask ~= "Default" then
        found[#found + 1] = fail(c.label .. " mounts /proc " .. mask, { case = "proc-mount", at = pod.own(c), within = c.at })
      end
      return found
    end)
  end,
  fix = set("within.securityContext.procMount", "Default", "proc-mount"),
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  securityContext: { sysctls: [{ name: kernel.msgmax, value: "65536" }] }
  containers: [{ name: app, image: "app:1" }]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  containers: [{ name: app, image: "app:1", securityContext: { seLinuxOptions: { type: spc_t } } }]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  containers: [{ name: app, image: "app:1", securityContext: { procMount: Unmasked } }]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  securityContext:
    seLinuxOptions: { level: "s0:c123,c456" }
    sysctls: [{ name: net.ipv4.tcp_syncookies, value: "1" }]
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
        se_linux_options { type = var.v }
      }
    }
  }
}]] },
  },
}
