local pod = lib "pod"

return rule {
  id = "K8S-POD-034", title = "Secret reaches the container through the environment",
  severity = "low", category = "secrets",
  aliases = { "CKV_K8S_35", "read-secret-from-env-var" },
  frameworks = { "CIS-K8S-1.9:5.4.1", "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1",
    "ISO27001-2022:A.5.17" },
  for_each = "k8s.workload",
  description = [[Environment variables are inherited by child processes and end up in crash reports and `describe`; a mounted
file does neither, and follows changes of the Secret.]],
  remediation = [[Mount the Secret as a volume and let the program read the file.]],
  references = { "https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-files-from-a-pod" },
  check = function(e)
    return pod.each(e, function(c)
      for _, variable in ipairs(pod.get(e, c.at, "env") or {}) do
        local key = pod.get(e, variable, "valueFrom", "secretKeyRef")
        if key ~= nil then
          return fail(c.label .. " takes " .. (variable.name or "a variable") .. " from a Secret", { at = variable })
        end
      end
      for _, source in ipairs(pod.get(e, c.at, "envFrom") or {}) do
        if pod.get(e, source, "secretRef") ~= nil then
          return fail(c.label .. " takes its environment from a Secret", { at = source })
        end
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  containers: [{ name: app, image: "app:1", env: [{ name: P, valueFrom: { secretKeyRef: { name: db, key: p } } }] }]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1", envFrom: [{ secretRef: { name: db } }] }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  containers: [{ name: app, image: "app:1", env: [{ name: P, value: x }], envFrom: [{ configMapRef: { name: db } }] }]
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "app"
      image = "app:1"
      env {
        name = "PASSWORD"
        value_from = var.v
      }
    }
  }
}]] },
  },
}
