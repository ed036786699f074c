local terraform = lib "terraform"

local function judge(bucket)
  local found = {}
  if bucket.kind == "gcp.storage.bucket" then
    if bucket.raw.versioning.enabled ~= true then
      found[1] = fail("the state bucket " .. bucket.name .. " keeps no old versions", { at = bucket })
    end
    if bucket.raw.public_access_prevention ~= "enforced" then
      found[#found + 1] = fail("the state bucket " .. bucket.name .. " does not enforce public access prevention", { at = bucket })
    end
    return found
  end
  if not bucket.versioning.enabled then
    found[1] = fail("the state bucket " .. bucket.name .. " keeps no old versions", { at = bucket })
  end
  local block = bucket:satellites("public_access_block")[1]
  for _, setting in ipairs { "block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets" } do
    if block == nil or block.raw[setting] ~= true then
      found[#found + 1] = fail("the state bucket " .. bucket.name .. " does not set " .. setting, { at = block or bucket })
      break
    end
  end
  return found
end

return rule {
  id = "TF-003", title = "State bucket is not versioned, private and restricted",
  severity = "critical", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "terraform.root",
  where = function(e) return e.raw.backend ~= nil and one_of(e.raw.backend.type, "s3", "gcs") end,
  description = [[Who reads the state has every secret in it; who writes it decides what the next run does; an unversioned state
cannot be repaired.]],
  remediation = [[Give the bucket versioning, a public access block, and a policy for the pipeline and administrators alone.]],
  references = { "https://developer.hashicorp.com/terraform/language/backend/s3" },
  check = function(e)
    local backend = e.raw.backend
    local name = terraform.setting(backend, "bucket")
    if name == nil then unknown("the backend names no bucket") end
    for _, kind in ipairs { "aws.s3.bucket", "gcp.storage.bucket" } do
      for _, bucket in ipairs(graph.everywhere(kind)) do
        if known(bucket.name) and bucket.name == name then return judge(bucket) end
      end
    end
    unknown("the state bucket " .. name .. " is not in the scan")
  end,
  tests = {
    fail = { [[
terraform {
  backend "s3" {
    bucket = "acme-state"
    key    = "net"
  }
}
resource "aws_s3_bucket" "state" { bucket = "acme-state" }]] },
    pass = { [[
terraform {
  backend "s3" {
    bucket = "acme-state"
    key    = "net"
  }
}
resource "aws_s3_bucket" "state" { bucket = "acme-state" }
resource "aws_s3_bucket_versioning" "state" {
  bucket = aws_s3_bucket.state.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_public_access_block" "state" {
  bucket                  = aws_s3_bucket.state.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}]] },
    unknown = { [[
terraform {
  backend "s3" {
    bucket = "acme-state"
    key    = "net"
  }
}]] },
  },
}
