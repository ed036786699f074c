local secrets = lib "secrets"

local personal = {
  { "(?<![0-9])[1-9][0-9]{2}-[0-9]{2}-[0-9]{4}(?![0-9])", "a social security number" },
  { "\\b(?:4[0-9]{3}|5[1-5][0-9]{2}|3[47][0-9]{2}|6011)[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{3,4}\\b", "a card number" },
}

return rule {
  id = "K8S-CFG-001", title = "ConfigMap holds secrets or personal data",
  severity = "high", category = "secrets",
  version = 2, changes = { "pages and programs are judged by the form of what they hold; credentials are those of SEC-001 to SEC-012; "
    .. "lifetimes of tokens are no secrets" },
  aliases = { "KSV-0109", "KSV-01010" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "k8s.configmap",
  description = [[ConfigMaps are readable by far more accounts than Secrets are, and are not encrypted at rest.]],
  remediation = [[Move the value to a Secret that an external store fills, and change the credential.]],
  references = { "https://kubernetes.io/docs/concepts/configuration/configmap/" },
  check = function(e)
    local keys = {}
    for key in pairs(e.raw.data or {}) do keys[#keys + 1] = key end
    return each(keys, function(key)
      local value = e.raw.data[key]
      if value == nil then return end
      value = tostring(value)
      if #value < 200 and secrets.is_placeholder(value) then return end -- a file may say "example" somewhere
      local kind = secrets.kind(value)
      if kind then return fail("key " .. key .. " of ConfigMap " .. e.name .. " holds " .. kind, { at = e.raw.data }) end
      local is_page = match(key, "\\.(?:html?|css|js|svg|md|sh|py|lua|tpl|tmpl)$") ~= nil
      if #value < 200 and not is_page and secrets.holds(key, value) then
        return fail("key " .. key .. " of ConfigMap " .. e.name .. " holds a secret in plain text", { at = e.raw.data })
      end
      for _, pattern in ipairs(personal) do
        if match(value, pattern[1]) then
          return fail("key " .. key .. " of ConfigMap " .. e.name .. " holds what looks like " .. pattern[2],
            { at = e.raw.data, severity = "medium" })
        end
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: fire }
data: { DB_PASSWORD: hunter2 }
]], yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: fire }
data: { app.conf: "url = postgres://app:hunter2@db/app" }
]] },
    pass = { yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: dont-fire }
data: { secret.html: "<p>hidden</p>" }
]], yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: dont-fire }
data: { LOG_LEVEL: debug, PASSWORD_FILE: /run/secrets/db, DB_PASSWORD: "${DB_PASSWORD}" }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_config_map" "a" {
  metadata { name = "a" }
  data = { password = var.v }
}]] },
  },
}
