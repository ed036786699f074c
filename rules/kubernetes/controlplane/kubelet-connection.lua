local component = lib "component"

return rule {
  id = "K8S-API-004", title = "Kubelet connection is not authenticated",
  severity = "high", category = "encryption",
  aliases = {
    CKV_K8S_71 = "https", CKV_K8S_72 = "client", CKV_K8S_73 = "authority", ["AVD-KCV-0004"] = "https",
    ["AVD-KCV-0005"] = "client", ["AVD-KCV-0006"] = "authority",
  },
  frameworks = {
    "CIS-K8S-1.9:1.2.4", "CIS-K8S-1.9:1.2.5", "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7",
    "ISO27001-2022:A.8.24"
  },
  for_each = { "k8s.workload", "kubeadm.configuration" },
  where = function(e) return component.concerns(e, "kube-apiserver") end,
  description = [[Logs, exec and port forwarding go from the API server to kubelets. Without a client certificate kubelets cannot tell
it from others; without an authority it cannot tell a kubelet from whoever took its address.]],
  remediation = [[Set `--kubelet-client-certificate`, `--kubelet-client-key` and `--kubelet-certificate-authority`.]],
  references = { "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/" },
  check = function(e)
    return component.each(e, "kube-apiserver", function(f)
      local found = {}
      if not f:bool("kubelet-https", true) then
        found[1] = fail(f.label .. " talks to kubelets without TLS (--kubelet-https=false)", { case = "https", at = f.at })
      end
      found[#found + 1] = component.missing(f, { "kubelet-client-certificate", "kubelet-client-key" }, "client",
        "kubelets cannot know it")
      found[#found + 1] = component.missing(f, { "kubelet-certificate-authority" }, "authority",
        "it cannot know kubelets")
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
      command: [kube-apiserver, "--kubelet-https=false"]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--kubelet-client-certificate=/pki/k.crt", "--kubelet-client-key=/pki/k.key", "--kubelet-certificate-authority=/pki/ca.crt"]
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
