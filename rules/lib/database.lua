-- Databases and queues that run as plain workloads, by their image.

local kube = lib "kube"
local database = {}

local products = {
  { "mongodb", "(?:^|/)(?:mongo|mongodb|mongodb-community-server|percona-server-mongodb)$" },
  { "redis", "(?:^|/)(?:redis|redis-stack-server|redis-stack|valkey|keydb)$" },
  { "postgresql", "(?:^|/)(?:postgres|postgresql|postgis|timescaledb)$" },
  { "mysql", "(?:^|/)(?:mysql|mariadb|percona|percona-server|mysql-server)$" },
  { "cassandra", "(?:^|/)cassandra$" },
  { "influxdb", "(?:^|/)influxdb$" },
  { "kafka", "(?:^|/)(?:kafka|cp-kafka|kafka-native)$" },
  { "rabbitmq", "(?:^|/)rabbitmq$" },
  { "elasticsearch", "(?:^|/)(?:elasticsearch|elasticsearch-oss)$" },
  { "opensearch", "(?:^|/)opensearch$" },
  { "memcached", "(?:^|/)memcached$" },
  { "couchdb", "(?:^|/)couchdb$" },
}

-- The product, its container and its image; nil for other workloads. Never ends a check.
function database.of(e)
  for _, product in ipairs(products) do
    local c, image = kube.container(e, product[2])
    if c then return product[1], c, image end
  end
end

-- The major version that the image's tag names, or nil.
function database.major(image)
  local major = string.match(image.tag or "", "^v?(%d+)")
  return major and tonumber(major)
end

return database
