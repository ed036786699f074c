local component = lib "component"

return rule {
  id = "K8S-API-008", title = "Stored secrets are not encrypted",
  severity = "high", category = "encryption",
  aliases = { CKV_K8S_104 = "missing", ["AVD-KCV-0030"] = "missing" },
  frameworks = {
    "CIS-K8S-1.9:1.2.27", "CIS-K8S-1.9:1.2.28", "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1",
    "ISO27001-2022:A.8.24"
  },
  for_each = { "k8s.workload", "kubeadm.configuration", "k8s.encryptionconfiguration" },
  where = function(e)
    return e.kind == "k8s.encryptionconfiguration" or component.concerns(e, "kube-apiserver")
  end,
  description = [[Without an encryption configuration Secrets lie in etcd as clear text, readable in every backup and on every disk. The
first provider is the one that writes: `identity` there means no encryption.]],
  remediation = [[Give `--encryption-provider-config` a file whose first provider for secrets is `kms`, `secretbox` or `aescbc`.]],
  references = { "https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/" },
  check = function(e)
    if e.kind == "k8s.encryptionconfiguration" then
      return each(e.raw.resources or {}, function(entry)
        local names = entry.resources or {}
        if not (has(names, "secrets") or has(names, "*.") or has(names, "*.*")) then return end
        local first = entry.providers and entry.providers[1]
        if first ~= nil and has(keys(first), "identity") then
          return fail("the first provider for secrets is identity: they are stored as they are",
            { case = "identity", at = entry.providers })
        end
      end)
    end
    return component.each(e, "kube-apiserver", function(f)
      return component.missing(f, { "encryption-provider-config" }, "missing", "secrets are stored in clear text")
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver]
]], yaml [[
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
metadata: { name: fire }
resources:
  - resources: [secrets]
    providers: [{ identity: {} }, { aescbc: { keys: [{ name: a, secret: "${KEY}" }] } }]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--encryption-provider-config=/etc/enc.yaml"]
]], yaml [[
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
metadata: { name: dont-fire }
resources:
  - resources: [secrets]
    providers: [{ kms: { apiVersion: v2, name: cloud, endpoint: "unix:///run/kms.sock" } }, { identity: {} }]
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "app"
      image = "app:1"
      args = var.v
    }
  }
}]] },
  },
}
