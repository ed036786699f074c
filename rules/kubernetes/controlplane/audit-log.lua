local component = lib "component"

return rule {
  id = "K8S-API-009", title = "Audit log is not kept",
  severity = "medium", category = "logging",
  aliases = {
    CKV_K8S_91 = "path", CKV_K8S_92 = "age", CKV_K8S_93 = "backups", CKV_K8S_94 = "size", ["AVD-KCV-0019"] = "path",
    ["AVD-KCV-0020"] = "age", ["AVD-KCV-0021"] = "backups", ["AVD-KCV-0022"] = "size",
  },
  frameworks = {
    "CIS-K8S-1.9:1.2.16", "CIS-K8S-1.9:1.2.17", "CIS-K8S-1.9:1.2.18", "CIS-K8S-1.9:1.2.19", "CIS-K8S-1.9:3.2.1",
    "CIS-K8S-1.9:3.2.2", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15"
  },
  for_each = { "k8s.workload", "kubeadm.configuration" },
  where = function(e) return component.concerns(e, "kube-apiserver") end,
  description = [[The audit log is the only record of who did what in the cluster. It is off by default.]],
  remediation = [[Set `--audit-log-path` and keep at least 30 days (`--audit-log-maxage`), 10 files (`--audit-log-maxbackup`) of 100 MB
(`--audit-log-maxsize`).]],
  references = { "https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/" },
  check = function(e)
    return component.each(e, "kube-apiserver", function(f)
      local found = {}
      found[1] = component.missing(f, { "audit-log-path" }, "path", "nothing of what is asked of it is recorded")
      -- Written to the standard output, whoever collects it keeps it.
      if f:get("audit-log-path") == "-" then return found end
      for _, least in ipairs { { "audit-log-maxage", 30, "age" }, { "audit-log-maxbackup", 10, "backups" },
        { "audit-log-maxsize", 100, "size" } } do
        local value = f:get(least[1])
        if value == nil then
          found[#found + 1] = component.missing(f, { least[1] }, least[3], "how much of the audit log is kept is left open")
        elseif (tonumber(value) or 0) < least[2] then
          found[#found + 1] = fail(f.label .. " has --" .. least[1] .. "=" .. value .. ", at least " .. least[2] .. " is needed",
            { case = least[3], at = f.at })
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
      command: [kube-apiserver, "--audit-log-path=/var/log/audit.log", "--audit-log-maxage=7", "--audit-log-maxbackup=10", "--audit-log-maxsize=100"]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--audit-log-path=/var/log/audit.log", "--audit-log-maxage=30", "--audit-log-maxbackup=10", "--audit-log-maxsize=100"]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--audit-log-path=-"]
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--audit-log-path=/var/log/audit.log", "--audit-log-maxage=$(AGE)", "--audit-log-maxbackup=10", "--audit-log-maxsize=100"]
]] },
  },
}
