local component = lib "component"

-- Lookup is on by default, so CKV_K8S_96, which demands the flag, is not followed; nor is CKV_K8S_97 where it refuses
-- key files that do not end in .pem and passes a server without one.
return rule {
  id = "K8S-API-012", title = "Service account tokens are not checked against a key",
  severity = "medium", category = "least-privilege",
  aliases = { CKV_K8S_96 = "lookup", CKV_K8S_97 = "key", ["AVD-KCV-0024"] = "lookup", ["AVD-KCV-0025"] = "key" },
  frameworks = {
    "CIS-K8S-1.9:1.2.21", "CIS-K8S-1.9:1.2.22", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15"
  },
  for_each = { "k8s.workload", "kubeadm.configuration" },
  where = function(e) return component.concerns(e, "kube-apiserver") end,
  description = [[With lookup off, tokens of deleted service accounts stay valid. Without a key file of its own the server checks tokens
with its TLS key, so that neither can be rotated alone.]],
  remediation = [[Leave `--service-account-lookup` at true and set `--service-account-key-file`.]],
  references = { "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/" },
  check = function(e)
    return component.each(e, "kube-apiserver", function(f)
      local found = {}
      if not f:bool("service-account-lookup", true) then
        found[1] = fail(f.label .. " accepts tokens of deleted service accounts (--service-account-lookup=false)",
          { case = "lookup", at = f.at })
      end
      found[#found + 1] = component.missing(f,
        { "service-account-key-file" }, "key", "tokens are checked with the key of its TLS certificate")
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
      command: [kube-apiserver, "--service-account-lookup=false", "--service-account-key-file=/pki/sa.pub"]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--service-account-key-file=/pki/sa.pub"]
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--service-account-key-file=/pki/sa.pub", "--service-account-lookup=$(LOOKUP)"]
]] },
  },
}
