-- luacheck: no max line length
local tags, services = lib "tags", lib "services"

local keys_of = { "dr", "dr-class", "dr-strategy", "availability-class", "rto-class" }

-- "warm standby", "active-active", "multi-region": the service is to run in a second region.
local function asks(e)
  local class, key = tags.first(e, keys_of)
  if class ~= nil and match(tostring(class), "(?i)warm|active|multi-?(?:region|site)|hot") then return class, key end
end

-- Whether the data of a store is in another region already; nil and why where it is not known.
local function spreads(e)
  if e.kind == "aws.dynamodb.table" then
    for _, replica in ipairs(list(e.raw.replica)) do
      if replica.region_name ~= nil then return true end
    end
  end
  local open
  for _, to in ipairs(e:edges_from("replicates_to")) do
    local here, there = services.region(e), services.region(to)
    if here == nil or there == nil then
      open = "the region of " .. (there == nil and to or e).address .. " is not known"
    elseif here ~= there then
      return true
    end
  end
  if e.kind == "aws.rds.cluster" and e.raw.global_cluster_identifier ~= nil then
    local own = e:targets(e.raw.global_cluster_identifier)[1]
    for _, other in ipairs(graph.everywhere("aws.rds.cluster")) do
      local its = other ~= e and other:targets(other.raw.global_cluster_identifier)[1]
      if own and its == own and services.region(other) ~= services.region(e) then return true end
    end
  end
  return false, open
end

return rule {
  id = "GRAPH-024", title = "Production service has no second region for its recovery time objective", severity = "medium",
  category = "resilience",
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = { "aws.elb.load_balancer", "aws.eks.cluster", "aws.rds.cluster", "aws.rds.instance", "aws.dynamodb.table",
    "gcp.container.cluster", "gcp.sql.instance" },
  where = function(e) return tags.production(e) and asks(e) ~= nil end,
  description = [[Judged are production resources whose tag `dr`, `dr-class`, `dr-strategy` or `availability-class` asks for warm standby,
active-active or several regions. The second region may be a resource of the same kind with the same `service` (or `app`) tag, a replica,
or a global cluster or table.]],
  remediation = [[Build the service in a second region as well, replicate its data there, and route to both.]],
  references = { "https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html" },
  check = function(e)
    local class, key = asks(e)
    local here = services.region(e)
    local spread, open = spreads(e)
    if spread then return end
    for _, other in ipairs(services.others(e, { e.kind })) do
      local there = services.region(other)
      if here == nil or there == nil then
        open = open or "the region of " .. (there == nil and other or e).address .. " is not known"
      elseif there ~= here then
        return
      end
    end
    if services.of(e) == nil then open = open or "no tag tells which service " .. e.address .. " is part of" end
    if open then unknown(open) end
    return fail(e.name .. " (service " .. services.of(e) .. ") is in one region only, its tag " .. key .. " asks for " .. class
      .. "; build it in a second one", { at = "tags" })
  end,
  tests = {
    fail = {
      [[
provider "aws" { region = "eu-west-1" }
resource "aws_eks_cluster" "fire" {
  name     = "trading"
  role_arn = "arn:aws:iam::123456789012:role/eks"
  tags     = { environment = "prod", service = "trading", dr = "warm-standby" }
}]],
    },
    pass = {
      [[
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "second"
  region = "eu-central-1"
}
resource "aws_eks_cluster" "dont_fire" {
  name     = "trading"
  role_arn = "arn:aws:iam::123456789012:role/eks"
  tags     = { environment = "prod", service = "trading", dr = "warm-standby" }
}
resource "aws_eks_cluster" "dont_fire_either" {
  provider = aws.second
  name     = "trading"
  role_arn = "arn:aws:iam::123456789012:role/eks"
  tags     = { environment = "prod", service = "trading", dr = "warm-standby" }
}]],
      [[
resource "aws_dynamodb_table" "dont_fire" {
  name = "orders"
  tags = { environment = "prod", dr = "active-active" }
  replica { region_name = "eu-central-1" }
}]],
    },
    unknown = { [[
resource "aws_dynamodb_table" "t" {
  name = "orders"
  tags = { environment = "prod", dr = "active-active" }
}]] },
  },
}
