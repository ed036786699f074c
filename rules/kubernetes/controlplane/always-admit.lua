local component = lib "component"

return rule {
  id = "K8S-API-010", title = "Always-admit plug-in is on",
  severity = "critical", category = "least-privilege",
  aliases = { "CKV_K8S_79", "AVD-KCV-0011" },
  frameworks = { "CIS-K8S-1.9:1.2.10", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = { "k8s.workload", "kubeadm.configuration" },
  where = function(e) return component.concerns(e, "kube-apiserver") end,
  description = [[AlwaysAdmit admits every object; the server deprecated it because it stands for no admission control at all.]],
  remediation = [[Take AlwaysAdmit out of `--enable-admission-plugins`.]],
  references = { "https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#alwaysadmit" },
  check = function(e)
    return component.each(e, "kube-apiserver", function(f)
      for _, flag in ipairs { "enable-admission-plugins", "admission-control" } do
        local plugins = f:list(flag)
        if plugins and plugins.AlwaysAdmit then
          return fail(f.label .. " admits every object (AlwaysAdmit in --" .. flag .. ")", { at = f.at })
        end
      end
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
      command: [kube-apiserver, "--enable-admission-plugins=AlwaysAdmit,NodeRestriction"]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--enable-admission-plugins=NodeRestriction"]
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--enable-admission-plugins=$(PLUGINS)"]
]] },
  },
}
