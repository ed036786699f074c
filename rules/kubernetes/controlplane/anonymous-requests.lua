local component = lib "component"

return rule {
  id = "K8S-API-001", title = "Anonymous requests are accepted",
  severity = "high", category = "least-privilege",
  aliases = { "CKV_K8S_68", "AVD-KCV-0001" },
  frameworks = { "CIS-K8S-1.9:1.2.1", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "k8s.workload", "kubeadm.configuration" },
  where = function(e) return component.concerns(e, "kube-apiserver") end,
  description = [[Requests without any credential are taken as `system:anonymous`; what a binding then grants to unauthenticated users
is open to the network. The default of --anonymous-auth is true.]],
  remediation = [[Set `--anonymous-auth=false`, or name the few health paths in the file of `--authentication-config`.]],
  references = { "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/" },
  check = function(e)
    return component.each(e, "kube-apiserver", function(f)
      if not f:bool("anonymous-auth", true) then return end
      if f:has("authentication-config") then
        unknown("the file of --authentication-config may limit anonymous requests; it is not read here")
      end
      return fail(f.label .. " accepts anonymous requests (--anonymous-auth is not false)", { at = f.at })
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
      command: [kube-apiserver, "--anonymous-auth=true"]
]], yaml [[
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
metadata: { name: fire }
apiServer:
  extraArgs: [{ name: profiling, value: "false" }]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--anonymous-auth=false"]
]], yaml [[
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
metadata: { name: dont-fire }
apiServer:
  extraArgs: [{ name: anonymous-auth, value: "false" }]
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--anonymous-auth=$(ANONYMOUS)"]
]] },
  },
}
