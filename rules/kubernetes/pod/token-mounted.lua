local pod = lib "pod"
local rbac = lib "rbac"

return rule {
  id = "K8S-POD-021", title = "Service account token is mounted without need",
  severity = "medium", category = "least-privilege",
  aliases = { "CKV_K8S_38", "AVD-KSV-0036" },
  frameworks = { "CIS-K8S-1.9:5.1.6", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15" },
  for_each = "k8s.workload",
  description = [[Each pod gets a token for the Kubernetes API unless it refuses. An intruder in the pod speaks to the API with
it; a pod that never does so should not have it.]],
  remediation = [[Set `automountServiceAccountToken: false` in the pod's specification or on its ServiceAccount.]],
  references = {
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting",
  },
  -- Unlike CKV_K8S_38: an account that a binding of the same set gives rights has the token for a reason, and a refusal on
  -- the account counts as well as one on the pod.
  check = function(e)
    local mounted = pod.get(e, e.pod, "automountServiceAccountToken")
    if mounted == false then return end
    local name = pod.account(e)
    local account = pod.find(e, "k8s.serviceaccount", name)
    if mounted == nil and account and not account.automount then return end
    local bound = rbac.bindings_of(name, pod.namespace(e))
    if #bound > 0 then return end
    if name ~= "default" and not account then
      unknown("service account " .. name .. " is not in the scan; whether it has rights to use is not known")
    end
    return fail(e.name .. " mounts the token of service account " .. name .. ", which no binding here gives any right",
      { at = e.pod })
  end,
  fix = set("pod.automountServiceAccountToken", false),
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1" }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec: { automountServiceAccountToken: false, containers: [{ name: app, image: "app:1" }] }
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: ops }
spec: { serviceAccountName: reader, containers: [{ name: app, image: "app:1" }] }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: reader, namespace: ops }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: reader, namespace: ops }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: reader, namespace: ops }]
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a }
spec: { serviceAccountName: elsewhere, containers: [{ name: app, image: "app:1" }] }
]] },
  },
}
