local nodefiles = lib "nodefiles"

return rule {
  id = "K8S-KUBELET-006", title = "Node files belong to the wrong owner",
  severity = "medium", category = "least-privilege",
  aliases = {
    ["AVD-KCV-0049"] = "kubeAPIServerSpecFileOwnership", ["AVD-KCV-0051"] = "kubeControllerManagerSpecFileOwnership",
    ["AVD-KCV-0053"] = "kubeSchedulerSpecFileOwnership", ["AVD-KCV-0055"] = "kubeEtcdSpecFileOwnership",
    ["AVD-KCV-0057"] = "containerNetworkInterfaceFileOwnership", ["AVD-KCV-0059"] = "etcdDataDirectoryOwnership",
    ["AVD-KCV-0061"] = "adminConfFileOwnership", ["AVD-KCV-0063"] = "schedulerConfFileOwnership",
    ["AVD-KCV-0065"] = "controllerManagerConfFileOwnership", ["AVD-KCV-0066"] = "kubePKIDirectoryFileOwnership",
    ["AVD-KCV-0070"] = "kubeletServiceFileOwnership", ["AVD-KCV-0072"] = "kubeconfigFileExistsOwnership",
    ["AVD-KCV-0074"] = "kubeletConfFileOwnership", ["AVD-KCV-0076"] = "certificateAuthoritiesFileOwnership",
    ["AVD-KCV-0078"] = "kubeletConfigYamlConfigurationFileOwnership",
  },
  frameworks = {
    "CIS-K8S-1.9:1.1.2", "CIS-K8S-1.9:1.1.4", "CIS-K8S-1.9:1.1.6", "CIS-K8S-1.9:1.1.8", "CIS-K8S-1.9:1.1.10",
    "CIS-K8S-1.9:1.1.12", "CIS-K8S-1.9:1.1.14", "CIS-K8S-1.9:1.1.16", "CIS-K8S-1.9:1.1.18", "CIS-K8S-1.9:1.1.19",
    "CIS-K8S-1.9:4.1.2", "CIS-K8S-1.9:4.1.4", "CIS-K8S-1.9:4.1.6", "CIS-K8S-1.9:4.1.8", "CIS-K8S-1.9:4.1.10",
    "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9"
  },
  for_each = { "k8s.nodeinfo", "k8s.node" },
  where = function(e) return e.kind == "k8s.nodeinfo" or e.origin == "live" end,
  description = [[A file that belongs to somebody else can be changed by them, whatever its mode.]],
  remediation = [[`chown root:root` the file (`etcd:etcd` for etcd's data directory).]],
  references = { "https://www.cisecurity.org/benchmark/kubernetes" },
  check = function(e)
    if e.kind == "k8s.node" then
      if #graph.all("k8s.nodeinfo") > 0 then return end
      unknown("no node collector has read the files of " .. e.name)
    end
    return nodefiles.each(e, nodefiles.owners, function(value, file, at)
      local wanted = file[4] or "root:root"
      if value ~= wanted then
        return fail(file[2] .. " of " .. e.name .. " belongs to " .. value .. ", not to " .. wanted, { case = file[1], at = at })
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
  adminConfFileOwnership: { values: ["ubuntu:ubuntu"] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: NodeInfo
metadata: { name: dont-fire }
type: worker
info:
  adminConfFileOwnership: { values: ["root:root"] }
  etcdDataDirectoryOwnership: { values: ["etcd:etcd"] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "v1"
    kind       = "NodeInfo"
    metadata   = { name = "a" }
    type = "worker"
    info = { adminConfFileOwnership = { values = var.v } }
  }
}]] },
  },
}
