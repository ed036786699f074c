local pod = lib "pod"

-- What the checks named below list; other folders from which a node can be taken over are reported beside them.
local sensitive = { "/", "/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr", "/var/lib/docker" }
local others = {
  "/etc/kubernetes", "/home", "/lib64", "/root", "/run", "/var", "/var/lib/containerd", "/var/lib/kubelet", "/var/run",
}

local function written(e, volume)
  for _, c in ipairs(pod.containers(e)) do
    for _, mount in ipairs(pod.get(e, c.at, "volumeMounts") or {}) do
      if mount.name == volume.name and pod.get(e, mount, "readOnly") ~= true then return c, mount end
    end
  end
end

return rule {
  id = "K8S-POD-019", title = "Pod mounts a host path",
  severity = "high", category = "least-privilege",
  aliases = {
    "AVD-KSV-0023", ["AVD-KSV-0121"] = "sensitive", ["sensitive-host-mounts"] = "sensitive",
    ["writable-host-mount"] = "writable",
  },
  frameworks = { "CIS-K8S-1.9:5.2.12", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8",
    "ISO27001-2022:A.8.9" },
  for_each = "k8s.workload",
  description = [[A path of the node in a pod breaks the wall between them: files of other pods and of the node can be read,
and where the mount is writable also changed. Paths that agents need are listed in the parameter `host_paths_allowed`
(globs).]],
  remediation = [[Use a persistent volume, a ConfigMap or an `emptyDir`; if the path is needed, mount it with `readOnly: true`.]],
  references = { "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath" },
  check = function(e)
    return each(pod.get(e, e.pod, "volumes") or {}, function(volume)
      local path = pod.get(e, volume, "hostPath", "path")
      if path == nil then return end
      for _, allowed in ipairs(param("host_paths_allowed", {})) do
        if glob(path, allowed) then return end
      end
      local bare = path ~= "/" and string.gsub(path, "/+$", "") or path
      local found = {}
      local listed = one_of(bare, table.unpack(sensitive))
      if listed or one_of(bare, table.unpack(others)) then
        found[#found + 1] = fail("volume " .. volume.name .. " opens the system folder " .. path .. " of the node",
          { case = listed and "sensitive" or "system", at = volume })
      end
      local c, mount = written(e, volume)
      if c then
        found[#found + 1] = fail(c.label .. " can write to " .. path .. " of the node", { case = "writable", at = mount })
      end
      if #found == 0 then
        found[1] = fail("volume " .. volume.name .. " is the path " .. path .. " of the node", { case = "any", at = volume })
      end
      return found
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  volumes: [{ name: etc, hostPath: { path: /etc } }]
  containers: [{ name: app, image: "app:1", volumeMounts: [{ name: etc, mountPath: /host }] }]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  volumes: [{ name: logs, hostPath: { path: /srv/logs } }]
  containers: [{ name: app, image: "app:1", volumeMounts: [{ name: logs, mountPath: /logs, readOnly: true }] }]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  volumes: [{ name: tmp, emptyDir: {} }]
  containers: [{ name: app, image: "app:1", volumeMounts: [{ name: tmp, mountPath: /tmp }] }]
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    volume {
      name = "a"
      host_path { path = var.v }
    }
    container {
      name  = "app"
      image = "app:1"

    }
  }
}]] },
  },
}
