local component = lib "component"

-- Without --tls-cipher-suites Go's own choice holds, which is sound; only a list that names a weak suite fails, as in
-- CKV_K8S_105. That check takes the names that end in POLY1305_SHA256 and those of TLS 1.3 for weak, which they are
-- not.
return rule {
  id = "K8S-API-006", title = "TLS or client authority is not configured, or ciphers are weak",
  severity = "high", category = "encryption",
  aliases = {
    CKV_K8S_100 = "certificate", CKV_K8S_105 = "ciphers", ["AVD-KCV-0027"] = "certificate", ["AVD-KCV-0028"] = "authority",
  },
  frameworks = {
    "CIS-K8S-1.9:1.2.24", "CIS-K8S-1.9:1.2.25", "CIS-K8S-1.9:1.2.29", "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1",
    "SOC2:CC6.7", "ISO27001-2022:A.8.24"
  },
  for_each = { "k8s.workload", "kubeadm.configuration" },
  where = function(e) return component.concerns(e, "kube-apiserver") end,
  description = [[Without its own certificate the server makes one that no client can check; without a client authority no certificate
of a client counts; weak suites can be broken or read later.]],
  remediation = [[Set `--tls-cert-file`, `--tls-private-key-file` and `--client-ca-file`; list only AES-GCM and ChaCha20 suites in
`--tls-cipher-suites`.]],
  references = { "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/" },
  check = function(e)
    return component.each(e, "kube-apiserver", function(f)
      local found = {}
      found[1] = component.missing(f, { "tls-cert-file", "tls-private-key-file" }, "certificate", "it serves a self-signed certificate")
      found[#found + 1] = component.missing(f, { "client-ca-file" }, "authority", "no client certificate is accepted")
      local weak = component.weak_suite(f:list("tls-cipher-suites"))
      if weak then
        found[#found + 1] = fail(f.label .. " offers the weak suite " .. weak .. " (--tls-cipher-suites)", { case = "ciphers", at = f.at })
      end
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
      command: [kube-apiserver, "--client-ca-file=/pki/ca.crt"]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--client-ca-file=/c", "--tls-cert-file=/a", "--tls-private-key-file=/b", "--tls-cipher-suites=TLS_RSA_WITH_AES_128_CBC_SHA"]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--client-ca-file=/c", "--tls-cert-file=/a", "--tls-private-key-file=/b", "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"]
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
