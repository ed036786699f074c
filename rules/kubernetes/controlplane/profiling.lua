local component = lib "component"

-- CKV_K8S_95 refuses durations of more than two digits (300s), which are valid.
return rule {
  id = "K8S-API-013", title = "Profiling is on or request timeout is odd",
  severity = "low", category = "least-privilege",
  aliases = { CKV_K8S_90 = "profiling", CKV_K8S_95 = "timeout", ["AVD-KCV-0018"] = "profiling" },
  frameworks = {
    "CIS-K8S-1.9:1.2.15", "CIS-K8S-1.9:1.2.20", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8",
    "ISO27001-2022:A.8.9"
  },
  for_each = { "k8s.workload", "kubeadm.configuration" },
  where = function(e) return component.concerns(e, "kube-apiserver") end,
  description = [[The profiling endpoints show what the server holds in memory and can slow it down. A request timeout of zero or of
hours lets slow requests pile up.]],
  remediation = [[Set `--profiling=false`; leave `--request-timeout` near its default of one minute.]],
  references = { "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/" },
  check = function(e)
    return component.each(e, "kube-apiserver", function(f)
      local found = {}
      if f:bool("profiling", true) then
        found[1] = fail(f.label .. " serves profiling data (--profiling is not false)", { case = "profiling", at = f.at })
      end
      local timeout = f:get("request-timeout")
      if timeout ~= nil then
        local seconds = component.seconds(timeout)
        if seconds == nil or seconds == 0 or seconds > 3600 then
          found[#found + 1] = fail(f.label .. " has --request-timeout=" .. timeout .. ", not between one second and one hour",
            { case = "timeout", at = f.at })
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
      command: [kube-apiserver]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--profiling=false", "--request-timeout=0"]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--profiling=false"]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--profiling=false", "--request-timeout=2m30s"]
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--profiling=false", "--request-timeout=$(T)"]
]] },
  },
}
