local nodefiles = lib "nodefiles"

-- Modes are compared by their bits; the checks named here compare decimal digits, which passes 444 and 577.
return rule {
  id = "K8S-KUBELET-005", title = "Node files are readable or writable beyond their owner",
  severity = "medium", category = "least-privilege",
  aliases = {
    ["AVD-KCV-0048"] = "kubeAPIServerSpecFilePermission", ["AVD-KCV-0050"] = "kubeControllerManagerSpecFilePermission",
    ["AVD-KCV-0052"] = "kubeSchedulerSpecFilePermission", ["AVD-KCV-0054"] = "kubeEtcdSpecFilePermission",
    ["AVD-KCV-0056"] = "containerNetworkInterfaceFilePermissions", ["AVD-KCV-0058"] = "etcdDataDirectoryPermissions",
    ["AVD-KCV-0060"] = "adminConfFilePermissions", ["AVD-KCV-0062"] = "schedulerConfFilePermissions",
    ["AVD-KCV-0064"] = "controllerManagerConfFilePermissions", ["AVD-KCV-0067"] = "kubePKIKeyFilePermissions",
    ["AVD-KCV-0068"] = "kubernetesPKICertificateFilePermissions", ["AVD-KCV-0069"] = "kubeletServiceFilePermissions",
    ["AVD-KCV-0071"] = "kubeconfigFileExistsPermissions", ["AVD-KCV-0073"] = "kubeletConfFilePermissions",
    ["AVD-KCV-0075"] = "certificateAuthoritiesFilePermissions",
    ["AVD-KCV-0077"] = "kubeletConfigYamlConfigurationFilePermission",
  },
  frameworks = {
    "CIS-K8S-1.9:1.1.1", "CIS-K8S-1.9:1.1.3", "CIS-K8S-1.9:1.1.5", "CIS-K8S-1.9:1.1.7", "CIS-K8S-1.9:1.1.9",
    "CIS-K8S-1.9:1.1.11", "CIS-K8S-1.9:1.1.13", "CIS-K8S-1.9:1.1.15", "CIS-K8S-1.9:1.1.17", "CIS-K8S-1.9:1.1.20",
    "CIS-K8S-1.9:1.1.21", "CIS-K8S-1.9:4.1.1", "CIS-K8S-1.9:4.1.3", "CIS-K8S-1.9:4.1.5", "CIS-K8S-1.9:4.1.7",
    "CIS-K8S-1.9:4.1.9", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9"
  },
  for_each = { "k8s.nodeinfo", "k8s.node" },
  where = function(e) return e.kind == "k8s.nodeinfo" or e.origin == "live" end,
  description = [[Keys, kubeconfigs and manifests of the control plane make whoever reads or writes them administrator of the cluster.]],
  remediation = [[`chmod 600` the file (`700` for etcd's data directory).]],
  references = { "https://www.cisecurity.org/benchmark/kubernetes" },
  check = function(e)
    if e.kind == "k8s.node" then
      if #graph.all("k8s.nodeinfo") > 0 then return end
      unknown("no node collector has read the files of " .. e.name)
    end
    return nodefiles.each(e, nodefiles.permissions, function(value, file, at)
      local most = file[4] or "600"
      if not nodefiles.within(value, most) then
        return fail(file[2] .. " of " .. e.name .. " has the mode " .. value .. ", at most " .. most .. " is needed",
          { case = file[1], at = at })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: NodeInfo
metadata: { name: fire }
type: worker
info:
  adminConfFilePermissions: { values: [644] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: NodeInfo
metadata: { name: dont-fire }
type: worker
info:
  adminConfFilePermissions: { values: [600] }
  etcdDataDirectoryPermissions: { values: [700] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "v1"
    kind       = "NodeInfo"
    metadata   = { name = "a" }
    type = "worker"
    info = { adminConfFilePermissions = { values = var.v } }
  }
}]] },
  },
}
