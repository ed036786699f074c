-- luacheck: no max line length
local database = lib "database"
local pod = lib "pod"

local function manifests(name, env, policy)
  return string.format([[
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: %s, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: "shop/web:1", ports: [{ containerPort: 8080 }], env: %s }] } }
---
apiVersion: v1
kind: Service
metadata: { name: orders-db, namespace: data }
spec: { selector: { app: orders }, ports: [{ port: 5432 }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: orders, namespace: data }
spec:
  serviceName: orders-db
  selector: { matchLabels: { app: orders } }
  template: { metadata: { labels: { app: orders } }, spec: { containers: [{ name: db, image: "postgres:16", ports: [{ containerPort: 5432 }] }] } }
%s]], name, env, policy or "")
end

local deny = [[
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: data }
spec: { podSelector: {}, policyTypes: [Ingress] }
]]

local network = [[
variable "cidrs" { type = list(string) }
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_subnet" "a" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.0.0/24"
  map_public_ip_on_launch = true
}
resource "aws_route_table" "a" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.a.id
}
resource "aws_db_subnet_group" "main" {
  subnet_ids = [aws_subnet.a.id]
}
resource "aws_security_group" "web" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "db" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol  = "tcp"
    from_port = 5432
    to_port   = 5432
    %s
  }
}
resource "aws_instance" "%s" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = [aws_security_group.web.id]
  user_data              = %s
}
resource "aws_db_instance" "orders" {
  engine                 = "postgres"
  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.db.id]
}]]

local function example(name, rule, data)
  return string.format(network, rule, name, data or '"#!/bin/sh"')
end

local stores = { "aws.rds.instance", "aws.rds.cluster", "aws.docdb.cluster", "aws.elasticache.cluster", "aws.elasticache.group",
  "gcp.sql.instance", "gcp.redis.instance" }

-- Whether a text stands somewhere in a value; what is not known may hold it.
local function holds(value, text, depth)
  if not known(value) then return true end
  if type(value) == "string" then return string.find(value, text, 1, true) ~= nil end
  if type(value) ~= "table" and type(value) ~= "userdata" then return false end
  if depth > 12 then return true end
  for _, key in ipairs(keys(value)) do
    if not known(value[key]) or holds(value[key], text, depth + 1) then return true end
  end
  for _, item in ipairs(list(value)) do
    if item ~= value and holds(item, text, depth + 1) then return true end
  end
  return false
end

-- A workload says what it depends on by names of Services in its variables and arguments, and by configuration that is not in sight.
local function names_store(workload, store)
  local names = { store.name }
  if store.kind == "k8s.workload" then
    for _, service in ipairs(pod.services(store)) do names[#names + 1] = service.name end
  end
  for _, c in ipairs(pod.containers(workload)) do
    local own = c.at
    if known(own.envFrom) and own.envFrom ~= nil and #own.envFrom > 0 then return true end
    for _, name in ipairs(names) do
      for _, field in ipairs { "env", "args", "command" } do
        if own[field] ~= nil and holds(own[field], name, 0) then return true end
      end
    end
    for _, one in ipairs(list(own.env)) do
      if one.valueFrom ~= nil then return true end
    end
  end
  return false
end

local function refers(workload, store)
  for _, kind in ipairs { "references", "depends_on" } do
    for _, one in ipairs(workload:edges_from(kind)) do
      if one == store then return true end
    end
  end
  return false
end

local function of_pods(e)
  local open
  local databases = database.all()
  for _, store in ipairs(databases[1]) do
    if store ~= e and not names_store(e, store) then
      local reached, _, named = net.reaches(e, store)
      if reached and not named then open = { store, databases[2][store.address] } end
    end
    if open then return open end
  end
  -- Stores of the cloud that the pods' nodes are in, wherever in the scan these are declared.
  for _, kind in ipairs(stores) do
    for _, store in ipairs(graph.everywhere(kind)) do
      if not names_store(e, store) then
        local reached, _, named = net.reaches(e, store)
        if reached and not named then return { store, "the store" } end
      end
    end
  end
end

return rule {
  id = "GRAPH-020", title = "Compromised front end can reach the data tier directly", severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "k8s.workload", "aws.ec2.instance", "aws.ecs.service", "gcp.compute.instance" },
  where = function(e)
    if e.kind == "k8s.workload" then return not database.of(e) end
    return not one_of(e.type, "google_compute_instance_template", "google_compute_region_instance_template", "gcp:compute:instancetemplate")
  end,
  description = [[What the internet reaches is taken over first. Where nothing stands between it and a store that it does not even use, that
store is next. A dependency is what the workload names (in variables, arguments, references), or what a rule or policy lets in by its
group, tag or labels rather than by a network.]],
  remediation = [[Let in at the store the security groups, tags or pods of its clients alone; add a NetworkPolicy to the store that names
them.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing",
    "https://kubernetes.io/docs/concepts/services-networking/network-policies/" },
  check = function(e)
    local by = net.exposed(e)
    if not by then return end
    if e.kind == "k8s.workload" then
      local open = of_pods(e)
      if not open then return end
      return fail(e.name .. ", which the internet reaches by " .. by.name .. ", may connect to " .. open[2] .. " " .. open[1].name
        .. ", which it does not name; let in the store's clients alone", { evidence = { { by, "the entry" }, { open[1], "the store" } } })
    end
    for _, kind in ipairs(stores) do
      for _, store in ipairs(graph.all(kind)) do
        if not refers(e, store) then
          local reached, how, named = net.reaches(e, store)
          if reached and not named then
            return fail(e.name .. ", which the internet reaches, may connect to " .. store.name
              .. ", which it does not name, because a rule lets in its network; let in the groups or tags of the store's clients", { evidence = how })
          end
        end
      end
    end
  end,
  tests = {
    fail = {
      yaml(manifests("fire", "[{ name: A, value: b }]")),
      example("fire", 'cidr_blocks = ["10.0.0.0/16"]'),
    },
    pass = {
      yaml(manifests("dont-fire", "[{ name: DB, value: \"postgres://orders-db.data:5432\" }]")),
      yaml(manifests("dont-fire", "[{ name: A, value: b }]", deny)),
      example("dont_fire", "security_groups = [aws_security_group.web.id]"),
      example("dont_fire", 'cidr_blocks = ["10.0.0.0/16"]', "aws_db_instance.orders.address"),
      example("dont_fire", 'cidr_blocks = ["10.9.0.0/16"]'),
    },
    unknown = { example("a", "cidr_blocks = var.cidrs") },
  },
}
