local component = lib "component"

-- AVD-KCV-0038 demands that the gate be named; it is true by default since 1.12.
return rule {
  id = "K8S-CM-002", title = "Controller manager does not rotate kubelet certificates or collect finished pods",
  severity = "low", category = "least-privilege",
  aliases = { CKV_K8S_106 = "pods", CKV_K8S_112 = "rotation", ["AVD-KCV-0033"] = "pods", ["AVD-KCV-0038"] = "rotation" },
  frameworks = {
    "CIS-K8S-1.9:1.3.1", "CIS-K8S-1.9:1.3.6", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8",
    "ISO27001-2022:A.8.9"
  },
  for_each = { "k8s.workload", "kubeadm.configuration" },
  where = function(e) return component.concerns(e, "kube-controller-manager") end,
  description = [[RotateKubeletServerCertificate lets kubelets renew their serving certificates; it is on since 1.12 unless a feature
gate switches it off. Without a threshold finished pods are kept up to 12,500, and a threshold of 0 keeps them for
ever.]],
  remediation = [[Remove `RotateKubeletServerCertificate=false` from `--feature-gates`; set `--terminated-pod-gc-threshold`.]],
  references = { "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/" },
  check = function(e)
    return component.each(e, "kube-controller-manager", function(f)
      local found = {}
      local gates = f:list("feature-gates")
      if gates and gates["RotateKubeletServerCertificate=false"] then
        found[1] = fail(f.label .. " keeps kubelets from renewing their serving certificates (--feature-gates)",
          { case = "rotation", at = f.at })
      end
      local threshold = f:get("terminated-pod-gc-threshold")
      if threshold == nil then
        found[#found + 1] = fail(f.label .. " sets no --terminated-pod-gc-threshold: 12500 finished pods are kept",
          { case = "pods", at = f.at })
      elseif threshold ~= "" and (tonumber(threshold) or 0) <= 0 then
        found[#found + 1] = fail(f.label .. " never collects finished pods (--terminated-pod-gc-threshold=" .. threshold .. ")",
          { case = "pods", at = f.at })
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
    - name: kube-controller-manager
      image: registry.k8s.io/kube-controller-manager:v1.31.0
      command: [kube-controller-manager]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: kube-system }
spec:
  containers:
    - name: kube-controller-manager
      image: registry.k8s.io/kube-controller-manager:v1.31.0
      command: [kube-controller-manager, "--terminated-pod-gc-threshold=10", "--feature-gates=RotateKubeletServerCertificate=false"]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-controller-manager
      image: registry.k8s.io/kube-controller-manager:v1.31.0
      command: [kube-controller-manager, "--terminated-pod-gc-threshold=10"]
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: kube-system }
spec:
  containers:
    - name: kube-controller-manager
      image: registry.k8s.io/kube-controller-manager:v1.31.0
      command: [kube-controller-manager, "--terminated-pod-gc-threshold=$(N)"]
]] },
  },
}
