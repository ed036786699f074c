local component = lib "component"

return rule {
  id = "K8S-CM-003", title = "Controller manager or scheduler listens beyond loopback or profiles",
  severity = "medium", category = "network",
  version = 2, changes = { "an unknown profiling setting hides no open address" },
  aliases = {
    CKV_K8S_107 = "manager-profiling", CKV_K8S_113 = "manager-address", CKV_K8S_114 = "scheduler-profiling",
    CKV_K8S_115 = "scheduler-address", ["AVD-KCV-0034"] = "manager-profiling", ["AVD-KCV-0039"] = "manager-address",
    ["AVD-KCV-0040"] = "scheduler-profiling", ["AVD-KCV-0041"] = "scheduler-address",
  },
  frameworks = {
    "CIS-K8S-1.9:1.3.2", "CIS-K8S-1.9:1.3.7", "CIS-K8S-1.9:1.4.1", "CIS-K8S-1.9:1.4.2", "NIST-800-53r5:SC-7",
    "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20"
  },
  for_each = { "k8s.workload", "kubeadm.configuration" },
  where = function(e) return component.concerns(e, "kube-controller-manager", "kube-scheduler") end,
  description = [[Metrics, health and profiling of these components need not be reachable from the network.]],
  remediation = [[Set `--bind-address=127.0.0.1` and `--profiling=false`.]],
  references = { "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/" },
  check = function(e)
    local cases = { ["kube-controller-manager"] = { "manager-address", "manager-profiling" },
      ["kube-scheduler"] = { "scheduler-address", "scheduler-profiling" } }
    local found = {}
    for program, case in pairs(cases) do
      if component.concerns(e, program) then
        found[#found + 1] = component.each(e, program, function(f)
          local failures = {}
          local address = f:get("bind-address")
          if address ~= "127.0.0.1" and address ~= "::1" and address ~= "localhost" then
            failures[1] = fail(f.label .. " listens on " .. (address or "every address (no --bind-address)") .. ", not on loopback",
              { case = case[1], at = f.at })
          end
          if program == "kube-scheduler" and f:get("profiling") == nil and f:has("config") then
            unknown("profiling of the scheduler is set in its --config, which is not read here")
          end
          if f:bool("profiling", true) then
            failures[#failures + 1] = fail(f.label .. " serves profiling data (--profiling is not false)", { case = case[2], at = f.at })
          end
          return failures
        end)
      end
    end
    return found
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
      command: [kube-controller-manager, "--bind-address=0.0.0.0", "--profiling=false"]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: kube-system }
spec:
  containers:
    - name: kube-scheduler
      image: registry.k8s.io/kube-scheduler:v1.31.0
      command: [kube-scheduler, "--bind-address=127.0.0.1"]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: kube-system }
spec:
  containers:
    - name: kube-scheduler
      image: registry.k8s.io/kube-scheduler:v1.31.0
      command: [kube-scheduler, "--bind-address=0.0.0.0", "--config=/etc/kubernetes/scheduler.yaml"]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-controller-manager
      image: registry.k8s.io/kube-controller-manager:v1.31.0
      command: [kube-controller-manager, "--bind-address=127.0.0.1", "--profiling=false"]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-scheduler
      image: registry.k8s.io/kube-scheduler:v1.31.0
      command: [kube-scheduler, "--bind-address=127.0.0.1", "--profiling=false"]
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: kube-system }
spec:
  containers:
    - name: kube-scheduler
      image: registry.k8s.io/kube-scheduler:v1.31.0
      command: [kube-scheduler, "--bind-address=127.0.0.1", "--config=/etc/kubernetes/scheduler.yaml"]
]] },
  },
}
