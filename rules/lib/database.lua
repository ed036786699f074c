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

local patterns = {}
for i, product in ipairs(products) do patterns[i] = product[2] end
local any = table.concat(patterns, "|")

local function of(e)
  if not kube.container(e, any) then return false end
  for _, product in ipairs(products) do
    local c, image = kube.container(e, product[2])
    if c then return { product[1], c, image } end
  end
end

-- The product, its container and its image; nil for other workloads. Never ends a check.
function database.of(e)
  local found = memo(e, "database.of", of)
  if found then return found[1], found[2], found[3] end
end

-- Workloads of the unit that are databases: a list, and their products by address.
function database.all()
  return once("databases", function()
    local found, product_of = {}, {}
    for _, e in ipairs(graph.all("k8s.workload")) do
      local product = database.of(e)
      if product then found[#found + 1], product_of[e.address] = e, product end
    end
    return { found, product_of }
  end)
end

-- The major version that the image's tag names, or nil.
function database.major(image)
  local major = string.match(image.tag or "", "^v?(%d+)")
  return major and tonumber(major)
end

return database
