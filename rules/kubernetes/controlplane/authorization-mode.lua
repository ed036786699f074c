local component = lib "component"

-- Without the flag everything is allowed; that is reported as the lack of Node and RBAC, so that the case of
-- AlwaysAllow is the one that its aliases mean.
return rule {
  id = "K8S-API-003", title = "Authorisation is not Node and RBAC",
  severity = "critical", category = "least-privilege",
  aliases = {
    CKV_K8S_74 = "always-allow", CKV_K8S_75 = "node", CKV_K8S_77 = "rbac", ["AVD-KCV-0007"] = "always-allow",
    ["AVD-KCV-0008"] = "node", ["AVD-KCV-0009"] = "rbac",
  },
  frameworks = {
    "CIS-K8S-1.9:1.2.6", "CIS-K8S-1.9:1.2.7", "CIS-K8S-1.9:1.2.8", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2",
    "SOC2:CC6.3", "ISO27001-2022:A.5.15"
  },
  for_each = { "k8s.workload", "kubeadm.configuration" },
  where = function(e) return component.concerns(e, "kube-apiserver") end,
  description = [[AlwaysAllow grants everything to everyone. Without Node a kubelet may read what belongs to other nodes; without RBAC
no role counts. The default of --authorization-mode is AlwaysAllow.]],
  remediation = [[Set `--authorization-mode=Node,RBAC`.]],
  references = { "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/" },
  check = function(e)
    return component.each(e, "kube-apiserver", function(f)
      local modes = f:list("authorization-mode")
      if modes == nil and f:has("authorization-config") then
        unknown("the modes stand in the file of --authorization-config, which is not read here")
      end
      local found, shown = {}, modes == nil and "not set, which means AlwaysAllow" or f:get("authorization-mode")
      modes = modes or {}
      if modes.AlwaysAllow then
        found[1] = fail(f.label .. " lets every request pass (--authorization-mode is " .. shown .. ")",
          { case = "always-allow", at = f.at })
      end
      for _, mode in ipairs { "Node", "RBAC" } do
        if not modes[mode] then
          found[#found + 1] = fail(f.label .. " authorises without " .. mode .. " (--authorization-mode is " .. shown .. ")",
            { case = lower(mode), at = f.at })
        end
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
      command: [kube-apiserver, "--authorization-mode=AlwaysAllow"]
]], yaml [[
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
      command: [kube-apiserver, "--authorization-mode=RBAC"]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--authorization-mode=Node,RBAC"]
]], yaml [[
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
metadata: { name: dont-fire }
apiServer:
  extraArgs: [{ name: profiling, value: "false" }]
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--authorization-config=/etc/kubernetes/authz.yaml"]
]] },
  },
}
