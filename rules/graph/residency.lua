-- luacheck: no max line length
local tags, copies = lib "tags", lib "copies"

-- What the words of residency tags stand for: patterns of regions. The parameter `residency` adds to them.
local words = {
  eu = { "eu-central-1", "eu-west-1", "eu-west-3", "eu-north-*", "eu-south-*", "europe-west1", "europe-west3", "europe-west4",
    "europe-west8", "europe-west9", "europe-west10", "europe-west12", "europe-north*", "europe-southwest*", "europe-central*", "eu", "eur?" },
  uk = { "eu-west-2", "europe-west2" }, gb = { "eu-west-2", "europe-west2" }, ch = { "eu-central-2", "europe-west6" },
  de = { "eu-central-1", "europe-west3", "europe-west10" }, us = { "us-*", "us", "nam*" }, ca = { "ca-*", "northamerica-northeast*" },
  au = { "ap-southeast-2", "ap-southeast-4", "australia-*" }, sg = { "ap-southeast-1", "asia-southeast1" },
  jp = { "ap-northeast-1", "ap-northeast-3", "asia-northeast1", "asia-northeast2" }, ["in"] = { "ap-south-*", "asia-south*" },
}

local keys_of = { "residency", "data-residency", "data-region", "permitted-regions", "allowed-regions" }

local function allowed(residency, region)
  local own = param("residency", {})
  for _, word in ipairs(split(string.gsub(lower(residency), "[ ,;/+]+", " "), " ")) do
    for _, pattern in ipairs(list(own[word] or words[word] or word)) do
      if glob(region, pattern) then return true end
    end
  end
  return false
end

local function region_of(e)
  local region = e.raw.location or e.raw.region or e.region
  if region == nil or region == "" then return nil end
  return lower(region)
end

local function replicas_of(e)
  local found = {}
  if e.kind == "aws.dynamodb.table" then
    for _, one in ipairs(list(e.raw.replica)) do found[#found + 1] = { lower(one.region_name), e, "its replica" } end
  end
  for _, copy in ipairs(copies.of(e)) do
    found[#found + 1] = { region_of(copy.store) or false, copy.store, copy.store.address .. ", which " .. copy.how .. "," }
  end
  return found
end

return rule {
  id = "GRAPH-016", title = "Regulated data leaves its permitted regions", severity = "high", category = "network",
  frameworks = { "NIST-800-53r5:AC-4", "PCI-DSS-4.0:1.3.2", "SOC2:CC6.7", "ISO27001-2022:A.8.12" },
  for_each = { "aws.s3.bucket", "aws.rds.instance", "aws.rds.cluster", "aws.dynamodb.table", "gcp.storage.bucket", "gcp.sql.instance" },
  where = function(e) return tags.first(e, keys_of) ~= nil end,
  description = [[The tag `residency` (or `data-residency`) of a store names regions (`eu-central-1`) or areas (`eu`, `ch`, `us`, …; the
parameter `residency` adds words: `{ nordic: [eu-north-*, europe-north*] }`) in which its data may lie. The store, its replicas and its copies
are looked at.]],
  remediation = [[Put the store or the copy in a permitted region, or correct the tag.]],
  references = { "https://docs.aws.amazon.com/prescriptive-guidance/latest/strategy-aws-digital-sovereignty-lens/introduction.html" },
  check = function(e)
    local residency = tags.first(e, keys_of)
    local found, open = {}, nil
    local own = region_of(e)
    if own == nil then
      open = "the region of " .. e.address .. " is not known"
    elseif not allowed(residency, own) then
      found[1] = fail(e.name .. " lies in " .. own .. ", its data may lie in " .. residency .. " only")
    end
    for _, one in ipairs(replicas_of(e)) do
      if not one[1] then
        open = open or "the region of " .. one[2].address .. " is not known"
      elseif not allowed(residency, one[1]) then
        found[#found + 1] = fail(one[3] .. " lies in " .. one[1] .. ": data of " .. e.name .. " may lie in " .. residency .. " only",
          { evidence = { { one[2], "in " .. one[1] } } })
      end
    end
    if #found > 0 then return found end
    if open then unknown(open) end
  end,
  tests = {
    fail = {
      live [=[
[{"type": "aws:rds:db", "name": "fire", "region": "us-east-1", "body": {"DBInstanceIdentifier": "fire", "TagList": [{"Key": "residency", "Value": "eu"}]}}]
]=],
      [[
provider "aws" { region = "us-east-1" }
resource "aws_s3_bucket" "fire" {
  bucket = "a"
  tags = { residency = "eu" }
}]],
      [[
provider "aws" { region = "eu-central-1" }
resource "aws_dynamodb_table" "fire" {
  name = "customers"
  tags = { residency = "eu" }
  replica { region_name = "us-east-1" }
}]],
      [[
resource "google_storage_bucket" "fire" {
  name     = "a"
  location = "EUROPE-WEST2"
  labels   = { residency = "eu" }
}]],
    },
    pass = {
      live [=[
[{"type": "aws:rds:db", "name": "dont_fire", "region": "eu-central-1", "body": {"DBInstanceIdentifier": "dont_fire", "TagList": [{"Key": "residency", "Value": "eu"}]}}]
]=],
      [[
provider "aws" { region = "eu-central-1" }
resource "aws_dynamodb_table" "dont_fire" {
  name = "customers"
  tags = { residency = "eu-central-1 eu-west-1" }
  replica { region_name = "eu-west-1" }
}]],
      [[
resource "google_storage_bucket" "dont_fire" {
  name     = "a"
  location = "EU"
  labels   = { residency = "eu" }
}]],
      [[
# parameters: {"residency": {"nordic": ["eu-north-*"]}}
provider "aws" { region = "eu-north-1" }
resource "aws_s3_bucket" "dont_fire" {
  bucket = "a"
  tags = { residency = "nordic" }
}]],
    },
    unknown = { [[
resource "aws_s3_bucket" "a" {
  bucket = "a"
  tags = { residency = "eu" }
}]] },
  },
}
