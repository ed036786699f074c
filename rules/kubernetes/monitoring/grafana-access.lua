local kube = lib "kube"
local secrets = lib "secrets"

-- "section.key" → value of an ini text.
local function ini(text)
  local values, section = {}, ""
  for _, line in ipairs(split(text, "\n")) do
    line = trim(line)
    local name = match(line, "^\\[([^\\]]+)\\]$")
    if name then
      section = name
    elseif not starts(line, ";") and not starts(line, "#") then
      local key, value = match(line, "^(\\w+)\\s*=\\s*(.*)$")
      if key then values[section .. "." .. key] = value end
    end
  end
  return values
end

-- Where the settings of Grafana stand in the object: { at, get(name) }.
local function sources(e)
  if e.kind == "k8s.configmap" then
    local values = ini(tostring(e.raw.data["grafana.ini"]))
    return { { at = e.raw.data, get = function(name) return values[name] end } }
  elseif e.kind == "grafana.instance" then
    local config = e.raw.spec.config or {}
    return { { at = config, get = function(name)
      local section, key = match(name, "^(.*)\\.(\\w+)$")
      local value = config[section] and config[section][key]
      return value ~= nil and tostring(value) or nil
    end } }
  end
  local c = kube.container(e, "(?:^|/)grafana(?:-oss|-enterprise)?$")
  return { { at = c.at, get = function(name)
    local value = kube.variable(c, "GF_" .. string.gsub(upper(name), "%.", "_"))
    return value ~= "" and value or nil
  end } }
end

return rule {
  id = "K8S-MON-002", title = "Grafana allows anonymous access, default password or public sharing",
  severity = "high", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "k8s.configmap", "k8s.workload", "k8s.secret", "grafana.instance" },
  where = function(e)
    if e.kind == "grafana.instance" then return true end
    if e.kind == "k8s.workload" then return kube.container(e, "(?:^|/)grafana(?:-oss|-enterprise)?$") ~= nil end
    if e.kind == "k8s.secret" then return known(e.name) and match(e.name, "grafana") ~= nil end
    return known(e.raw.data) and e.raw.data ~= nil and has(keys(e.raw.data), "grafana.ini")
  end,
  description = [[Grafana reads what its data sources hold: anonymous visitors, a password that everybody knows, or dashboards that are
public give all of it away.]],
  remediation = [[Remove `[auth.anonymous] enabled`, take the administrator's password from a Secret store, and leave `allow_embedding`
and public dashboards off.]],
  references = { "https://grafana.com/docs/grafana/latest/setup-grafana/configure-security/" },
  check = function(e)
    if e.kind == "k8s.secret" then
      local password = e.raw.data and e.raw.data["admin-password"]
      local plain = password ~= nil and (b64decode(tostring(password)) or "") or tostring(e.raw.stringData
        and e.raw.stringData["admin-password"] or "")
      if one_of(plain, "admin", "prom-operator", "grafana", "password") then
        return fail("the administrator of Grafana has a password that is in the documentation (Secret " .. e.name .. ")", { at = e.raw })
      end
      return
    end
    local found = {}
    for _, settings in ipairs(sources(e)) do
      local function on(name) return match(settings.get(name) or "", "(?i)^(?:true|1)$") ~= nil end
      if on("auth.anonymous.enabled") then
        found[#found + 1] = fail(e.name .. " lets visitors into Grafana without a login (auth.anonymous)", { at = settings.at })
      end
      local password = settings.get("security.admin_password")
      if password ~= nil and secrets.literal(password) then
        found[#found + 1] = fail("the password of Grafana's administrator stands in " .. e.name .. " (security.admin_password)",
          { at = settings.at })
      elseif password == "admin" then
        found[#found + 1] = fail("the password of Grafana's administrator is the default (" .. e.name .. ")", { at = settings.at })
      end
      if kube.production(e) then
        for _, name in ipairs { "security.allow_embedding", "public_dashboards.enabled" } do
          -- Public dashboards are on unless switched off, but none is public until somebody shares it.
          if on(name) then found[#found + 1] = fail(e.name .. " sets " .. name .. " in production", { at = settings.at }) end
        end
      end
    end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: fire }
data:
  grafana.ini: |
    [auth.anonymous]
    enabled = true
]], yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: fire }
spec:
  selector: { matchLabels: { app: fire } }
  template:
    metadata: { labels: { app: fire } }
    spec:
      containers:
        - { name: app, image: "grafana/grafana:11.3.0", env: [{ name: GF_SECURITY_ADMIN_PASSWORD, value: "Xk3kd0s9aa" }] }
]], yaml [[
apiVersion: v1
kind: Secret
metadata: { name: fire-grafana }
data: { admin-password: cHJvbS1vcGVyYXRvcg== }
]] },
    pass = { yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: dont-fire }
data:
  grafana.ini: |
    [auth.anonymous]
    enabled = false
    [security]
    admin_password = ${ADMIN_PASSWORD}
]], yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire }
spec:
  selector: { matchLabels: { app: dont-fire } }
  template:
    metadata: { labels: { app: dont-fire } }
    spec:
      containers:
        - { name: app, image: "grafana/grafana:11.3.0", env: [{ name: GF_SECURITY_ADMIN_PASSWORD, valueFrom: { secretKeyRef: { name: a, key: b } } }] }
]] },
    unknown = { [[
variable "ini" {}
resource "kubernetes_config_map" "a" {
  metadata { name = "a" }
  data = { "grafana.ini" = var.ini }
}
]] },
  },
}
