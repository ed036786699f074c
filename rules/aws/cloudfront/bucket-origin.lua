-- Whether an origin is a bucket: by what it refers to, or by its name.
local function is_bucket(e, origin)
  if e.origin ~= "live" then
    for _, target in ipairs(e:targets(origin.domain_name)) do
      if target.kind == "aws.s3.bucket" then return true end
    end
    if not known(origin.domain_name) then return false end
  end
  local name = origin.domain_name or origin.DomainName or ""
  return match(name, "\\.s3(?:[.-][a-z0-9-]+)?\\.amazonaws\\.com(?:\\.cn)?$") ~= nil
end

local function identity_of(e, origin)
  if e.origin == "live" then return origin.S3OriginConfig.OriginAccessIdentity end
  local config = origin.s3_origin_config
  if config == nil or #list(config) == 0 then return nil end
  if not known(config.origin_access_identity) then return "computed" end
  return config.origin_access_identity
end

local function control_of(e, origin)
  if e.origin == "live" then return origin.OriginAccessControlId end
  if not known(origin.origin_access_control_id) and #e:targets(origin.origin_access_control_id) > 0 then return "computed" end
  return origin.origin_access_control_id
end

return rule {
  id = "AWS-CF-006", title = "Bucket origin is not behind origin access control",
  severity = "high", category = "network",
  aliases = { "CKV2_AWS_46" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.cloudfront.distribution",
  description = [[A bucket that lets only the distribution in cannot be read around it: past the web ACL, the signed addresses and the logs.
Without a control the bucket must be public to work.]],
  remediation = [[Make an `aws_cloudfront_origin_access_control`, and set its id as the origin's `origin_access_control_id`.]],
  references = { "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html" },
  -- CKV2_AWS_46 is content when one of several origins has a control, and overlooks buckets that are named, not
  -- referred to.
  check = function(e)
    return each(list(e.origins), function(origin)
      if not is_bucket(e, origin) then return end
      local control = control_of(e, origin)
      if control ~= nil and control ~= "" then return end
      local identity = identity_of(e, origin)
      if identity ~= nil and identity ~= "" then return end
      local id = origin.origin_id or origin.Id or "?"
      return fail("bucket origin " .. id .. " of distribution " .. e.name .. " has no origin access control", { at = origin })
    end)
  end,
  tests = {
    fail = { [[
resource "aws_s3_bucket" "b" { bucket = "b" }
resource "aws_cloudfront_distribution" "fire" {
  origin {
    domain_name = aws_s3_bucket.b.bucket_regional_domain_name
    origin_id   = "s3"
  }
}]], live [[
[{"type": "aws:cloudfront:distribution", "name": "fire", "body": {"Origins": {"Items": [
  {"Id": "s3", "DomainName": "b.s3.eu-west-1.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}, "OriginAccessControlId": ""}]}}}]
]] },
    pass = { [[
resource "aws_s3_bucket" "b" { bucket = "b" }
resource "aws_cloudfront_origin_access_control" "c" { name = "c" }
resource "aws_cloudfront_distribution" "dont_fire" {
  origin {
    domain_name              = aws_s3_bucket.b.bucket_regional_domain_name
    origin_id                = "s3"
    origin_access_control_id = aws_cloudfront_origin_access_control.c.id
  }
  origin {
    domain_name = "api.example.com"
    origin_id   = "api"
  }
}]], live [[
[{"type": "aws:cloudfront:distribution", "name": "dont_fire", "body": {"Origins": {"Items": [
  {"Id": "s3", "DomainName": "b.s3.eu-west-1.amazonaws.com", "OriginAccessControlId": "E1"}]}}}]
]] },
    unknown = { [[
variable "c" {}
resource "aws_cloudfront_distribution" "a" {
  origin {
    domain_name              = "b.s3.eu-west-1.amazonaws.com"
    origin_id                = "s3"
    origin_access_control_id = var.c
  }
}]] },
  },
}
