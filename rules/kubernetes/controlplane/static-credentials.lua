local component = lib "component"

return rule {
  id = "K8S-API-002", title = "Static password or token files are used",
  severity = "high", category = "least-privilege",
  aliases = { CKV_K8S_69 = "password", CKV_K8S_70 = "token", ["AVD-KCV-0002"] = "token" },
  frameworks = { "CIS-K8S-1.9:1.2.2", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "k8s.workload", "kubeadm.configuration" },
  where = function(e) return component.concerns(e, "kube-apiserver") end,
  description = [[Passwords and tokens in a file of the API server are kept in clear text, never expire, and change only with a restart.]],
  remediation = [[Remove `--basic-auth-file` and `--token-auth-file`; use certificates, OpenID Connect or service accounts.]],
  references = { "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/" },
  check = function(e)
    return component.each(e, "kube-apiserver", function(f)
      return each({ { "basic-auth-file", "password" }, { "token-auth-file", "token" } }, function(flag)
        if f:has(flag[1]) then
          return fail(f.label .. " logs clients in from a file (--" .. flag[1] .. ")", { case = flag[2], at = f.at })
        end
      end)
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
      command: [kube-apiserver, "--token-auth-file=/etc/tokens.csv"]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--basic-auth-file=/etc/users.csv"]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--client-ca-file=/etc/ca.crt"]
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
