local component = lib "component"

return rule {
  id = "K8S-API-007", title = "Link to etcd is not mutually authenticated",
  severity = "high", category = "encryption",
  aliases = {
    CKV_K8S_99 = "client", CKV_K8S_102 = "authority", ["AVD-KCV-0026"] = "client", ["AVD-KCV-0029"] = "authority",
  },
  frameworks = {
    "CIS-K8S-1.9:1.2.23", "CIS-K8S-1.9:1.2.26", "CIS-K8S-1.9:2.7", "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1",
    "SOC2:CC6.7", "ISO27001-2022:A.8.24"
  },
  for_each = { "k8s.workload", "kubeadm.configuration" },
  where = function(e) return component.concerns(e, "kube-apiserver") end,
  description = [[Everything of the cluster passes between the API server and etcd. Without certificates of both ends, whoever reaches
etcd's port owns the cluster.]],
  remediation = [[Set `--etcd-certfile`, `--etcd-keyfile` and `--etcd-cafile`.]],
  references = { "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/" },
  check = function(e)
    return component.each(e, "kube-apiserver", function(f)
      local found = {}
      found[1] = component.missing(f, { "etcd-certfile", "etcd-keyfile" }, "client", "etcd cannot know it")
      found[#found + 1] = component.missing(f, { "etcd-cafile" }, "authority", "it cannot know etcd")
      return found
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
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--etcd-certfile=/a", "--etcd-keyfile=/b"]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--etcd-certfile=/a", "--etcd-keyfile=/b", "--etcd-cafile=/c"]
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
