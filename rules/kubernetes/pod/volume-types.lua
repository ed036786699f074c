local pod = lib "pod"

-- Types outside the restricted pod security standard. A host path has a rule of its own.
local outside = {
  "gcePersistentDisk", "awsElasticBlockStore", "gitRepo", "nfs", "iscsi", "glusterfs", "rbd", "flexVolume", "cinder", "cephfs",
  "flocker", "fc", "azureFile", "azureDisk", "vsphereVolume", "quobyte", "portworxVolume", "scaleIO", "storageos",
  "photonPersistentDisk",
}

return rule {
  id = "K8S-POD-020", title = "Pod uses volume types outside the core set, host aliases or a Windows host process",
  severity = "low", category = "least-privilege",
  aliases = { ["AVD-KSV-0028"] = "volume", ["AVD-KSV-0007"] = "aliases", ["AVD-KSV-0103"] = "windows" },
  frameworks = { "CIS-K8S-1.9:5.2.11", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8",
    "ISO27001-2022:A.8.9" },
  for_each = "k8s.workload",
  description = [[Storage that a pod names directly, instead of through a claim, carries its own credentials and bypasses the
storage class. Host aliases send names elsewhere than DNS says. A Windows host process is a privileged container.]],
  remediation = [[Use `persistentVolumeClaim` or `csi`; put names in DNS; remove `windowsOptions.hostProcess`.]],
  references = { "https://kubernetes.io/docs/concepts/security/pod-security-standards/" },
  check = function(e)
    local found = each(pod.get(e, e.pod, "volumes") or {}, function(volume)
      for _, kind in ipairs(outside) do
        if pod.get(e, volume, kind) ~= nil then
          return fail("volume " .. volume.name .. " is of the type " .. kind, { case = "volume", at = volume })
        end
      end
    end) or {}
    local aliases = pod.get(e, e.pod, "hostAliases")
    if aliases ~= nil and #aliases > 0 then
      found[#found + 1] = fail("the pod of " .. e.name .. " overrides names in its hosts file", { case = "aliases", at = aliases })
    end
    for _, c in ipairs(pod.containers(e)) do
      if pod.effective(c, "windowsOptions", "hostProcess") == true then
        found[#found + 1] = fail(c.label .. " runs as a Windows host process", { case = "windows", at = c.at })
      end
    end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  volumes: [{ name: share, nfs: { server: files.example.com, path: / } }]
  containers: [{ name: app, image: "app:1" }]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  hostAliases: [{ ip: "10.0.0.1", hostnames: [db.example.com] }]
  containers: [{ name: app, image: "app:1" }]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }, { name: tmp, emptyDir: {} }]
  containers: [{ name: app, image: "app:1" }]
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    security_context = var.v
    container {
      name  = "app"
      image = "app:1"

    }
  }
}]] },
  },
}
