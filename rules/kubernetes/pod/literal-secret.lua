local pod = lib "pod"
local secrets = lib "secrets"

return rule {
  id = "K8S-POD-035", title = "Environment variable holds a literal secret",
  severity = "critical", category = "secrets",
  version = 2, changes = { "what is a credential is decided as by SEC-001 to SEC-012; points at the value" },
  aliases = { "env-var-secret" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "k8s.workload",
  description = [[A credential in a manifest is known to everyone who can read the repository or the object, and stays in their
history.]],
  remediation = [[Take the value from a Secret that an external store fills, and change the credential.]],
  references = { "https://kubernetes.io/docs/concepts/configuration/secret/" },
  check = function(e)
    return pod.each(e, function(c)
      return each(pod.get(e, c.at, "env") or {}, function(variable)
        local name, value = variable.name, variable.value
        if name == nil or value == nil then return end
        value = tostring(value)
        local kind = not secrets.is_placeholder(value) and secrets.kind(value)
        if kind then
          return fail("variable " .. name .. " of " .. c.label .. " holds " .. kind .. " in plain text")
        end
        if secrets.holds(name, value) then
          return fail("variable " .. name .. " of " .. c.label .. " holds a secret in plain text")
        end
      end)
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1", env: [{ name: DB_PASSWORD, value: hunter2 }] }] }
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1", env: [{ name: DB, value: "postgres://app:hunter2@db/app" }] }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  containers:
    - name: app
      image: "app:1"
      env:
        - { name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }
        - { name: DB_PASSWORD_FILE, value: /run/secrets/db }
        - { name: SECRET_NAME, value: db }
        - { name: TOKEN_ENABLED, value: "true" }
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
        name  = "PASSWORD"
        value = var.v
      }
    }
  }
}]] },
  },
}
