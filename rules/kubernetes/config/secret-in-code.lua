local secrets = lib "secrets"

local function placeholder(text)
  text = trim(text)
  return secrets.is_placeholder(text) or match(text, "(?i)^(?:todo|fixme|dummy|replace|your|none|null)") ~= nil or text == ""
end

-- A whole file of settings, in which nothing that is named like a secret, or looks like one, has a value.
local function only_settings(key, plain)
  if match(key, "(?i)\\.(?:ini|ya?ml|json|conf|cfg|toml|properties|xml)$") == nil or secrets.kind(plain) then return false end
  for _, line in ipairs(split(plain, "\n")) do
    local name, value = match(line, "([A-Za-z0-9_.-]+)[\"']?\\s*[:=>]\\s*[\"']?([^\\s\"',<>]+)")
    if name and secrets.holds(name, value) then return false end
  end
  return true
end

-- Certificates and public keys are for everybody; names of users, hosts and databases open nothing.
local function harmless(key, plain)
  return only_settings(key, plain) or match(plain, "^\\s*-----BEGIN (?:TRUSTED )?(?:CERTIFICATE|PUBLIC KEY)") ~= nil
    or match(key, "(?i)(?:^|[_.-])(?:user(?:_?name)?|host(?:_?name)?|port|database|db_?name|region|namespace)$") ~= nil
end

return rule {
  id = "K8S-CFG-002", title = "Secret manifest with real values is under version control",
  severity = "critical", category = "secrets",
  version = 2, changes = { "certificates, public keys, files of mere settings and names of users, hosts and databases pass" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "k8s.secret",
  where = function(e)
    return one_of(e.origin, "manifest", "kustomize", "terraform") and e.secret_type ~= "kubernetes.io/service-account-token"
  end,
  yields_to = { "KUST-002" },
  description = [[The data of a Secret is only encoded: who reads the repository or its history has the value.]],
  remediation = [[Use an ExternalSecret, a SealedSecret or SOPS; remove the value from the history and change it.]],
  references = { "https://kubernetes.io/docs/concepts/security/secrets-good-practices/" },
  check = function(e)
    if e.raw.sops ~= nil then return end
    local places = {}
    for _, field in ipairs { "data", "stringData", "binary_data" } do
      for key in pairs(e.raw[field] or {}) do places[#places + 1] = { field, key } end
    end
    return each(places, function(place)
      local value = e.raw[place[1]][place[2]]
      if value == nil then return end
      value = tostring(value)
      -- Terraform's provider takes plain text in data, manifests base64.
      local plain = place[1] == "data" and e.origin ~= "terraform" and b64decode(value) or value
      if harmless(place[2], plain) then return end
      if placeholder(plain) or placeholder(value) or match(value, "^ENC\\[|^AgA|^ref\\+|^vault:") then return end
      local at = match(place[2], "^[A-Za-z0-9_-]+$") and "raw." .. place[1] .. "." .. place[2] or e.raw[place[1]]
      return fail("Secret " .. e.name .. " carries the value of " .. place[2] .. " in code", { at = at })
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Secret
metadata: { name: fire }
data: { password: aHVudGVyMg== }
]], yaml [[
apiVersion: v1
kind: Secret
metadata: { name: fire }
stringData:
  grafana.ini: |
    [security]
    admin_password = hunter2-Xy
]] },
    pass = { yaml [[
apiVersion: v1
kind: Secret
metadata: { name: dont-fire }
stringData:
  grafana.ini: |
    [date_formats]
    default_timezone = UTC
]], yaml [[
apiVersion: v1
kind: Secret
metadata: { name: dont-fire }
stringData:
  username: app
  ca.crt: |
    -----BEGIN CERTIFICATE-----
    MIIBhTCCASugAwIBAgIQIRi6zePL6mKjOipn
    -----END CERTIFICATE-----
]], yaml [[
apiVersion: v1
kind: Secret
metadata: { name: dont-fire }
stringData: { password: "${DB_PASSWORD}", user: "" }
]] },
    unknown = { [[
variable "p" {}
resource "kubernetes_secret" "a" {
  metadata { name = "a" }
  data = { password = var.p }
}]] },
  },
}
