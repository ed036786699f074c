local pod = lib "pod"
local kube = lib "kube"
local database = lib "database"
local mesh = lib "mesh"

-- Why TLS is off by what the container is told, or nil: what it is not told may stand in a file.
local function off(product, c)
  local line = table.concat(kube.words(c), " ")
  if product == "mongodb" and match(line, "--(?:tls|ssl)Mode[= ]disabled") then return "tlsMode disabled" end
  if product == "postgresql" and match(line, "\\bssl=off") then return "ssl=off" end
  if product == "mysql" and match(line, "--skip-ssl|--require[-_]secure[-_]transport=(?:OFF|0)") then return "TLS is not required" end
  if product == "kafka" then
    local listeners = kube.variable(c, "KAFKA_LISTENERS") or kube.variable(c, "KAFKA_CFG_LISTENERS") or ""
    if match(listeners, "(?:^|,)(?:PLAINTEXT|SASL_PLAINTEXT)://") then return "a PLAINTEXT listener" end
  end
  if one_of(product, "elasticsearch", "opensearch") and kube.variable(c, "xpack.security.http.ssl.enabled") == "false" then
    return "xpack.security.http.ssl.enabled is false"
  end
end

local operators = {
  ["database.kafka"] = function(e)
    for _, listener in ipairs(e.raw.spec.kafka.listeners or {}) do
      if listener.tls ~= true then return "listener " .. tostring(listener.name) .. " has no TLS" end
    end
  end,
  ["database.mongodb"] = function(e)
    if not ends(e.type, "/MongoDBCommunity") then return nil end
    local tls = e.raw.spec.security and e.raw.spec.security.tls
    if tls == nil or tls.enabled ~= true then return "security.tls.enabled is not true" end
  end,
  ["database.cassandra"] = function(e)
    local cassandra = e.raw.spec.cassandra or e.raw.spec
    local config = cassandra.config and (cassandra.config.cassandraYaml or cassandra.config["cassandra-yaml"])
    local client = config and config.client_encryption_options
    if client ~= nil and client.enabled == false then return "client_encryption_options.enabled is false" end
    local server = config and config.server_encryption_options
    if server ~= nil and server.internode_encryption == "none" then return "internode_encryption is none" end
  end,
}

-- Without TLS settings on its command line a database may read them from a file, so only what turns TLS off fails; an
-- operator's object says all there is.
return rule {
  id = "K8S-DB-002", title = "Self-hosted database accepts clear text between clients or nodes",
  severity = "medium", category = "encryption",
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = { "k8s.workload", "database.mongodb", "database.cassandra", "database.kafka", "database.redis", "database.postgresql" },
  where = function(e)
    return e.kind ~= "k8s.workload" or database.of(e) ~= nil
  end,
  description = [[Passwords and rows cross the nodes in clear text; whoever listens there has them.]],
  remediation = [[Turn TLS on for clients and between nodes, or take the pods into a mesh with strict mutual TLS.]],
  references = { "https://istio.io/latest/docs/reference/config/security/peer_authentication/" },
  check = function(e)
    local why
    if e.kind == "k8s.workload" then
      local product, c = database.of(e)
      why = off(product, c)
    else
      why = operators[e.kind] and operators[e.kind](e)
    end
    if not why then return end
    if mesh.strict(pod.namespace(e), e.kind == "k8s.workload" and pod.labels(e) or nil) then return end
    return fail(e.name .. " takes connections in clear text (" .. why .. ")", { at = e.raw.spec })
  end,
  tests = {
    fail = { yaml [[
apiVersion: kafka.strimzi.io/v1beta2
kind: Kafka
metadata: { name: fire }
spec: { kafka: { listeners: [{ name: plain, port: 9092, type: internal, tls: false, authentication: { type: scram-sha-512 } }] } }
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
        - { name: app, image: "mongo:7", args: ["--tlsMode=disabled"] }
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
        - { name: app, image: "postgres:16", args: ["-c", "ssl=off"] }
]] },
    pass = { yaml [[
apiVersion: kafka.strimzi.io/v1beta2
kind: Kafka
metadata: { name: dont-fire }
spec: { kafka: { listeners: [{ name: tls, port: 9093, type: internal, tls: true }] } }
]], yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire, namespace: shop }
spec:
  selector: { matchLabels: { app: dont-fire } }
  template:
    metadata: { labels: { app: dont-fire } }
    spec:
      containers:
        - { name: app, image: "mongo:7", args: ["--tlsMode=disabled"] }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
]] },
    unknown = { [[
variable "args" { type = list(string) }
resource "kubernetes_stateful_set" "a" {
  metadata { name = "a" }
  spec {
    template {
      metadata { labels = { app = "a" } }
      spec {
        container {
          name  = "db"
          image = "mongo:7"
          args  = var.args
        }
      }
    }
  }
}
]] },
  },
}
