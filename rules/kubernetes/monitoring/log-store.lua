local pod = lib "pod"
local kube = lib "kube"
local database = lib "database"
local exposed = lib "exposed"

-- The configuration of Loki in a ConfigMap, or nil.
local function loki_text(e)
  if not known(e.raw.data) or e.raw.data == nil then return nil end
  for _, key in ipairs(keys(e.raw.data)) do
    local text = known(e.raw.data[key]) and e.raw.data[key]
    if match(key, "ya?ml$") and type(text) == "string" and match(text, "(?m)^auth_enabled:") and match(text, "(?m)^schema_config:") then
      return text
    end
  end
end

local function leads_to_loki()
  for _, kind in ipairs { "k8s.ingress", "gateway.route", "istio.virtualservice" } do
    for _, route in ipairs(graph.all(kind)) do
      local failures = exposed.each(route, function(name) return match(name, "(?i)loki")
        and name or nil end, function(name) return name end)
      if type(failures) == "table" and #failures > 0 then return route end
    end
  end
end

local function loki(e)
  local text, found = loki_text(e), {}
  if match(text, "(?m)^auth_enabled:\\s*false") then
    local route = leads_to_loki()
    if route then
      found[1] = fail("Loki of " .. e.name .. " asks for no tenant (auth_enabled: false), and " .. exposed.label(route) .. " leads to it",
        { case = "authentication", at = e.raw.data })
    end
  end
  if not match(text, "retention_enabled:\\s*true") and not match(text, "retention_deletes_enabled:\\s*true") then
    found[#found + 1] = fail("Loki of " .. e.name .. " deletes no log ever (no retention_enabled)", { case = "retention", at = e.raw.data })
  end
  return found
end

return rule {
  id = "K8S-MON-003", title = "Log store runs without authentication, retention or encryption",
  severity = "medium", category = "logging",
  frameworks = { "NIST-800-53r5:AU-11", "PCI-DSS-4.0:10.5.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "k8s.configmap", "k8s.workload", "elasticsearch.cluster" },
  where = function(e)
    if e.kind == "elasticsearch.cluster" then return ends(e.type, "/Elasticsearch") end
    if e.kind == "k8s.configmap" then return loki_text(e) ~= nil end
    return one_of(database.of(e), "elasticsearch", "opensearch")
  end,
  description = [[A log store without a login gives every log line, tokens and personal data among them, to whoever reaches it. Without
retention it grows until it stops, or is emptied when logs are needed.]],
  remediation = [[Set `auth_enabled: true` and retention in Loki; leave `xpack.security.enabled` on in Elasticsearch.]],
  references = {
    "https://grafana.com/docs/loki/latest/operations/authentication/",
    "https://www.elastic.co/guide/en/elasticsearch/reference/current/security-settings.html",
  },
  check = function(e)
    if e.kind == "k8s.configmap" then return loki(e) end
    if e.kind == "elasticsearch.cluster" then
      return each(list(e.raw.spec.nodeSets), function(set)
        local config = set.config or {}
        local enabled = config["xpack.security.enabled"]
        if enabled == nil then enabled = config.xpack and config.xpack.security and config.xpack.security.enabled end
        if enabled == false then
          return fail("security of Elasticsearch " .. e.name .. " is off (xpack.security.enabled)", { case = "authentication", at = set })
        end
      end)
    end
    local product, c, image = database.of(e)
    local function off(name, value) return lower(kube.variable(c, name) or "") == value end
    if product == "opensearch" then
      if off("DISABLE_SECURITY_PLUGIN", "true") or off("plugins.security.disabled", "true") then
        return fail("security of " .. e.name .. " is off (DISABLE_SECURITY_PLUGIN)", { case = "authentication", at = c.at })
      end
      return
    end
    if off("xpack.security.enabled", "false") then
      return fail("security of " .. e.name .. " is off (xpack.security.enabled)", { case = "authentication", at = c.at })
    end
    local major = database.major(image)
    if major and major < 8 and kube.variable(c, "xpack.security.enabled") == nil then
      local mounted = pod.get(e, c.at, "volumeMounts")
      for _, mount in ipairs(mounted or {}) do
        if match(tostring(pod.get(e, mount, "mountPath")), "/config") then unknown("elasticsearch.yml is mounted and not read here") end
      end
      return fail("security of " .. e.name .. " is off, the default before Elasticsearch 8 (image " .. image.tag .. ")",
        { case = "authentication", at = c.at })
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: fire }
data:
  config.yaml: |
    auth_enabled: false
    schema_config: {}
    common: { path_prefix: /loki }
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
        - { name: app, image: "docker.elastic.co/elasticsearch/elasticsearch:8.15.0", env: [{ name: xpack.security.enabled, value: "false" }] }
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
        - { name: app, image: "elasticsearch:7.17.0" }
]] },
    pass = { yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: dont-fire }
data:
  loki.yaml: |
    auth_enabled: false
    limits_config:
      retention_period: 744h
    compactor:
      retention_enabled: true
    schema_config: {}
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
        - { name: app, image: "docker.elastic.co/elasticsearch/elasticsearch:8.15.0" }
]] },
    unknown = { [[
variable "image" {}
variable "security" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "a"
      image = "elasticsearch:7.17.0"
      env {
        name  = "xpack.security.enabled"
        value = var.security
      }
    }
  }
}
]] },
  },
}
