local pod = lib "pod"

return rule {
  id = "K8S-POD-023", title = "Workload names a service account that does not exist",
  severity = "medium", category = "hygiene",
  version = 2, changes = { "what was not asked of a live cluster is unknown" },
  aliases = { "non-existent-service-account" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "k8s.workload",
  where = function(e) return pod.account(e) ~= "default" end,
  description = [[Pods whose service account does not exist are not created at all. Where nothing of the set declares accounts,
the account may be made elsewhere.]],
  remediation = [[Declare the ServiceAccount in the namespace of the workload, or correct its name.]],
  references = { "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/" },
  check = function(e)
    local name = pod.account(e)
    if pod.find(e, "k8s.serviceaccount", name) then return end
    if #pod.neighbours(e, "k8s.serviceaccount") == 0 and not pod.shows_all(e, "k8s.serviceaccount") then
      unknown("no service account of namespace " .. pod.namespace(e) .. " is declared here; " .. name .. " may exist in the cluster")
    end
    return fail(e.name .. " names the service account " .. name .. ", which does not exist in " .. pod.namespace(e), { at = e.pod })
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { serviceAccountName: ap, containers: [{ name: app, image: "app:1" }] }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: app }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec: { serviceAccountName: app, containers: [{ name: app, image: "app:1" }] }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: app }
]] },
    unknown = { yaml [[
apiVersion: v1
kind: List
metadata: { resourceVersion: "" }
items:
  - apiVersion: v1
    kind: Pod
    metadata: { name: a, namespace: kube-system, uid: 5f07099a-e4dd-427e-b060-337a0d8de3dd, resourceVersion: "12" }
    spec: { serviceAccountName: kube-proxy, containers: [{ name: app, image: "app:1" }] }
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a }
spec: { serviceAccountName: app, containers: [{ name: app, image: "app:1" }] }
]] },
  },
}
