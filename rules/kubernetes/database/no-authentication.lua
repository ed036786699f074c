local pod = lib "pod"
local kube = lib "kube"
local database = lib "database"

-- Variables by which images let everyone in.
local open_variables = {
  ALLOW_EMPTY_PASSWORD = "(?i)^(?:yes|true|1)$", POSTGRES_HOST_AUTH_METHOD = "^trust$", MYSQL_ALLOW_EMPTY_PASSWORD = ".",
  MARIADB_ALLOW_EMPTY_ROOT_PASSWORD = ".", MYSQL_ALLOW_EMPTY_ROOT_PASSWORD = ".", ALLOW_PLAINTEXT_LISTENER = "(?i)^(?:yes|true|1)$",
  CASSANDRA_AUTHENTICATOR = "AllowAllAuthenticator", ALLOW_ANONYMOUS_LOGIN = "(?i)^yes$",
}

-- Whether an image of Bitnami's, whose entrypoint demands a password unless told otherwise.
local function demanding(image)
  return match(image.repository, "^(?:bitnami|bitnamilegacy)/") ~= nil
end

-- Whether a file of settings is given or mounted, which decides and is not read here.
local function configured(e, c, words)
  for _, word in ipairs(words) do
    if match(word, "\\.(?:conf|cnf|ya?ml)(?:$|[\\s\"'])|^(?:-f|--config|--defaults-file)") then return true end
  end
  for _, mount in ipairs(pod.get(e, c.at, "volumeMounts") or {}) do
    local path = tostring(pod.get(e, mount, "mountPath"))
    if match(path, "(?i)conf|/etc/(?!localtime)|docker-entrypoint|\\.cnf$|users\\.acl") then return true end
  end
  return false
end

-- Whether a shell or entrypoint of its own is the command.
local function scripted(e, c)
  local command = pod.get(e, c.at, "command")
  return command ~= nil and command[1] ~= nil and match(tostring(command[1]), "(?:^|/)(?:sh|bash|ash)$") ~= nil
end

local function none() end

-- Why clients are let in without a login, or nil; second, why that is not known.
local products = {
  redis = function(e, c, image)
    local line = table.concat(kube.words(c), " ")
    if match(line, "requirepass|aclfile|\\$\\{?\\(?REDIS_PASSWORD") or demanding(image) then return nil end
    if kube.variable(c, "REDIS_PASSWORD") ~= nil or kube.variable(c, "REDIS_ARGS") ~= nil or scripted(e, c) then
      return nil, "whether Redis is started with its password is decided by a script"
    end
    if configured(e, c, kube.words(c)) then return nil, "Redis reads its settings from a file that is not read here" end
    return "no --requirepass"
  end,
  mongodb = function(e, c, image)
    local line = table.concat(kube.words(c), " ")
    if match(line, "--noauth") then return "--noauth" end
    if match(line, "--auth|--keyFile") or kube.variable(c, "MONGO_INITDB_ROOT_USERNAME") ~= nil or demanding(image)
        or kube.variable(c, "MONGODB_INITDB_ROOT_USERNAME") ~= nil then
      return nil
    end
    if pod.get(e, c.at, "envFrom") ~= nil or scripted(e, c) then return nil, "its variables come from elsewhere" end
    if configured(e, c, kube.words(c)) then return nil, "MongoDB reads its settings from a file that is not read here" end
    return "neither --auth nor MONGO_INITDB_ROOT_USERNAME"
  end,
  cassandra = function(e, c, image)
    if kube.variable(c, "CASSANDRA_AUTHENTICATOR") ~= nil or demanding(image) then return nil end
    if configured(e, c, kube.words(c)) or scripted(e, c) then return nil, "cassandra.yaml is not read here" end
    return "the default AllowAllAuthenticator"
  end,
  influxdb = function(e, c, image)
    local major = database.major(image)
    if major == nil then return nil, "the image's tag names no version" end
    if major >= 2 then return nil end
    if lower(kube.variable(c, "INFLUXDB_HTTP_AUTH_ENABLED") or "") == "true" then return nil end
    if configured(e, c, kube.words(c)) or pod.get(e, c.at, "envFrom") ~= nil then return nil, "its settings come from elsewhere" end
    return "INFLUXDB_HTTP_AUTH_ENABLED is not true"
  end,
  kafka = function(_, c)
    local listeners = kube.variable(c, "KAFKA_LISTENERS") or kube.variable(c, "KAFKA_CFG_LISTENERS") or ""
    local map = kube.variable(c, "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP") or kube.variable(c, "KAFKA_CFG_LISTENER_SECURITY_PROTOCOL_MAP")
      or ""
    if match(listeners, "(?:^|,)PLAINTEXT://") and not match(map, "SASL") then return "a PLAINTEXT listener" end
  end,
  postgresql = none, mysql = none, rabbitmq = none, elasticsearch = none, opensearch = none, memcached = none, couchdb = none,
}

local operators = {
  ["database.kafka"] = function(e)
    for _, listener in ipairs(e.raw.spec.kafka.listeners or {}) do
      if listener.authentication == nil then return "listener " .. tostring(listener.name) .. " has no authentication" end
    end
  end,
  ["database.mongodb"] = function(e)
    if not ends(e.type, "/MongoDBCommunity") then return nil end
    local modes = e.raw.spec.security and e.raw.spec.security.authentication and e.raw.spec.security.authentication.modes
    if modes == nil or #modes == 0 then return "security.authentication.modes is empty" end
  end,
  ["database.cassandra"] = function(e)
    if ends(e.type, "/K8ssandraCluster") and e.raw.spec.auth == false then return "auth is false" end
    local config = e.raw.spec.config and e.raw.spec.config["cassandra-yaml"]
    if config ~= nil and match(tostring(config.authenticator or ""), "AllowAllAuthenticator") then return "AllowAllAuthenticator" end
  end,
  ["database.redis"] = function(e)
    if match(e.type, "opstreelabs") and (e.raw.spec.kubernetesConfig or {}).redisSecret == nil then return "no redisSecret" end
    if ends(e.type, "/RedisFailover") and (e.raw.spec.auth or {}).secretPath == nil then return "no auth.secretPath" end
  end,
  ["database.postgresql"] = function(e)
    local lines = e.raw.spec.postgresql and (e.raw.spec.postgresql.pg_hba)
    for _, line in ipairs(lines or {}) do
      if match(line, "^\\s*host\\S*\\s.*\\strust\\s*$") then return "pg_hba has the method trust" end
    end
  end,
}

return rule {
  id = "K8S-DB-001", title = "Self-hosted database accepts clients without authentication",
  severity = "high", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "k8s.workload", "database.mongodb", "database.cassandra", "database.kafka", "database.redis", "database.postgresql" },
  where = function(e)
    return e.kind ~= "k8s.workload" or database.of(e) ~= nil
  end,
  description = [[A database that asks for no password gives its data to every pod of the cluster, and to whoever breaks into one of
them.]],
  remediation = [[Give it a password from a Secret, or a client certificate, and remove the setting that lets everyone in.]],
  references = { "https://kubernetes.io/docs/concepts/security/secrets-good-practices/" },
  check = function(e)
    if e.kind ~= "k8s.workload" then
      local why = operators[e.kind](e)
      if why then return fail(e.name .. " accepts clients without a login (" .. why .. ")", { at = e.raw.spec }) end
      return
    end
    local product, c, image = database.of(e)
    for name, bad in pairs(open_variables) do
      local value = kube.variable(c, name)
      if value ~= nil and match(value, bad) then
        return fail(e.name .. " accepts clients without a login (" .. name .. "=" .. value .. ")", { at = c.at })
      end
    end
    local why, doubt = products[product](e, c, image)
    if doubt then unknown(doubt) end
    if why then return fail(e.name .. " accepts clients without a login (" .. why .. ")", { at = c.at }) end
  end,
  tests = {
    fail = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: fire }
spec:
  selector: { matchLabels: { app: fire } }
  template:
    metadata: { labels: { app: fire } }
    spec:
      containers:
        - { name: app, image: "redis:7", args: ["--appendonly", "yes"] }
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
        - { name: app, image: "mongo:7" }
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
        - { name: app, image: "bitnami/redis:7", env: [{ name: ALLOW_EMPTY_PASSWORD, value: "yes" }] }
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
        - { name: app, image: "postgres:16", env: [{ name: POSTGRES_HOST_AUTH_METHOD, value: trust }] }
]], yaml [[
apiVersion: kafka.strimzi.io/v1beta2
kind: Kafka
metadata: { name: fire }
spec: { kafka: { listeners: [{ name: plain, port: 9092, type: internal, tls: false }] } }
]] },
    pass = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire }
spec:
  selector: { matchLabels: { app: dont-fire } }
  template:
    metadata: { labels: { app: dont-fire } }
    spec:
      containers:
        - { name: app, image: "redis:7", args: ["--requirepass", "$(PASSWORD)"] }
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
        - { name: app, image: "mongo:7", env: [{ name: MONGO_INITDB_ROOT_USERNAME, value: root }] }
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
        - { name: app, image: "postgres:16", env: [{ name: POSTGRES_PASSWORD, valueFrom: { secretKeyRef: { name: a, key: b } } }] }
]], yaml [[
apiVersion: kafka.strimzi.io/v1beta2
kind: Kafka
metadata: { name: dont-fire }
spec: { kafka: { listeners: [{ name: tls, port: 9093, type: internal, tls: true, authentication: { type: tls } }] } }
]] },
    unknown = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: a }
spec:
  selector: { matchLabels: { app: a } }
  template:
    metadata: { labels: { app: a } }
    spec:
      containers:
        - { name: app, image: "redis:7", args: ["/etc/redis/redis.conf"] }
]] },
  },
}
