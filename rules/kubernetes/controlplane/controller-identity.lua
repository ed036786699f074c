local component = lib "component"

-- CKV_K8S_110 and 111 refuse files that do not end in .pem (kubeadm's are sa.key and ca.crt) and pass a manager
-- without them; this asks only that they are set, as AVD-KCV-0036 and 0037 do.
return rule {
  id = "K8S-CM-001", title = "Controller manager shares one identity or has no root authority",
  severity = "high", category = "least-privilege",
  aliases = {
    CKV_K8S_108 = "credentials", CKV_K8S_110 = "key", CKV_K8S_111 = "authority", ["AVD-KCV-0035"] = "credentials",
    ["AVD-KCV-0036"] = "key", ["AVD-KCV-0037"] = "authority",
  },
  frameworks = {
    "CIS-K8S-1.9:1.3.3", "CIS-K8S-1.9:1.3.4", "CIS-K8S-1.9:1.3.5", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2",
    "SOC2:CC6.3", "ISO27001-2022:A.5.15"
  },
  for_each = { "k8s.workload", "kubeadm.configuration" },
  where = function(e) return component.concerns(e, "kube-controller-manager") end,
  description = [[With one identity for all controllers each has the rights of all. Without the private key the manager signs no service
account tokens, and without the root authority pods cannot check the API server.]],
  remediation = [[Set `--use-service-account-credentials=true`, `--service-account-private-key-file` and `--root-ca-file`.]],
  references = { "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/" },
  check = function(e)
    return component.each(e, "kube-controller-manager", function(f)
      local found = {}
      if not f:bool("use-service-account-credentials", false) then
        found[1] = fail(f.label .. " runs all controllers as one identity (--use-service-account-credentials is not true)",
          { case = "credentials", at = f.at })
      end
      found[#found + 1] = component.missing(f, { "service-account-private-key-file" }, "key", "it signs no service account tokens")
      found[#found + 1] = component.missing(f, { "root-ca-file" }, "authority", "pods get no authority to check the API server with")
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
    - name: kube-controller-manager
      image: registry.k8s.io/kube-controller-manager:v1.31.0
      command: [kube-controller-manager]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-controller-manager
      image: registry.k8s.io/kube-controller-manager:v1.31.0
      command: [kube-controller-manager, "--use-service-account-credentials=true", "--service-account-private-key-file=/pki/sa.key", "--root-ca-file=/pki/ca.crt"]
]], yaml [[
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
metadata: { name: dont-fire }
controllerManager:
  extraArgs: [{ name: profiling, value: "false" }]
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: kube-system }
spec:
  containers:
    - name: kube-controller-manager
      image: registry.k8s.io/kube-controller-manager:v1.31.0
      command: [kube-controller-manager, "--use-service-account-credentials=$(OWN)", "--service-account-private-key-file=/pki/sa.key", "--root-ca-file=/pki/ca.crt"]
]] },
  },
}
