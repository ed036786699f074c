local pod = lib "pod"

return rule {
  id = "K8S-POD-022", title = "Workload runs as the default service account",
  severity = "medium", category = "least-privilege",
  aliases = {
    CKV_K8S_41 = "account", ["default-service-account"] = "workload", ["deprecated-service-account-field"] = "deprecated",
  },
  frameworks = { "CIS-K8S-1.9:5.1.5", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15" },
  for_each = { "k8s.workload", "k8s.serviceaccount" },
  where = function(e) return e.kind == "k8s.workload" or e.name == "default" end,
  description = [[All pods that name no account share the namespace's `default`: rights given to one are given to all. The
account should carry no token, and workloads should have accounts of their own.]],
  remediation = [[Name an account of the workload's own in `serviceAccountName`, or refuse the token with
`automountServiceAccountToken: false`. On the account `default` set `automountServiceAccountToken: false`.]],
  references = { "https://kubernetes.io/docs/concepts/security/service-accounts/" },
  check = function(e)
    if e.kind == "k8s.serviceaccount" then
      if e.automount then
        return fail("the default service account of " .. pod.namespace(e) .. " hands its token to pods",
          { case = "account", at = "automount" })
      end
      return
    end
    local name, old = pod.get(e, e.pod, "serviceAccountName"), pod.get(e, e.pod, "serviceAccount")
    if name == nil and old ~= nil and old ~= "" and old ~= "default" then
      return fail(e.name .. " names its account by the deprecated field serviceAccount only", { case = "deprecated", at = e.pod })
    end
    if pod.account(e) ~= "default" or pod.get(e, e.pod, "automountServiceAccountToken") == false then return end
    return fail(e.name .. " runs as the default service account", { case = "workload", at = e.pod })
  end,
  fix = set("automount", false, "account"),
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1" }] }
]], yaml [[
apiVersion: v1
kind: ServiceAccount
metadata: { name: default, namespace: fire }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec: { serviceAccountName: app, containers: [{ name: app, image: "app:1" }] }
]], yaml [[
apiVersion: v1
kind: ServiceAccount
metadata: { name: default, namespace: dont-fire }
automountServiceAccountToken: false
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    service_account_name = var.v
    container {
      name  = "app"
      image = "app:1"

    }
  }
}]] },
  },
}
