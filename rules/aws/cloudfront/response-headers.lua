-- Policies that AWS keeps, and whether they set Strict-Transport-Security
-- (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html).
local managed = {
  ["67f7725c-6f97-4210-82d7-5512b31e9d03"] = true, -- SecurityHeadersPolicy
  ["e61eb60c-9c35-4d20-a928-2b84e02af89c"] = true, -- CORS-and-SecurityHeadersPolicy
  ["eaab4381-ed33-4a86-88ca-d9558dc6cd63"] = true, -- CORS-with-preflight-and-SecurityHeadersPolicy
  ["60669652-455b-4ae9-85a4-c4c02393f86c"] = false, -- SimpleCORS
  ["5cc3b908-e619-4b99-88e5-2cf7f45965bd"] = false, -- CORS-With-Preflight
}

local function behaviours(e)
  local found = {}
  local first = e.origin == "live" and e.raw.DefaultCacheBehavior or e.raw.default_cache_behavior
  for _, one in ipairs(list(first)) do found[#found + 1] = one end
  for _, one in ipairs(list(e.behaviours)) do found[#found + 1] = one end
  return found
end

local function distribution(e)
  local all = behaviours(e)
  if #all == 0 then return fail("distribution " .. e.name .. " adds no security headers", { case = "distribution", at = e }) end
  return each(all, function(one)
    local where = one.path_pattern or one.PathPattern or "the default path"
    if e.origin ~= "live" and not known(one.response_headers_policy_id) and #e:targets(one.response_headers_policy_id) > 0 then return end
    local id = one.response_headers_policy_id or one.ResponseHeadersPolicyId
    if id == nil or id == "" then
      return fail("distribution " .. e.name .. " adds no security headers on " .. where, { case = "distribution", at = one })
    end
    if managed[id] == false then
      return fail("the headers policy of distribution " .. e.name .. " on " .. where .. " has no Strict-Transport-Security",
        { case = "distribution", at = one })
    end
  end)
end

local function policy(e)
  local lacks = {}
  if e.hsts.age == nil or e.hsts.age < 31536000 then lacks[#lacks + 1] = "a max-age of a year" end
  if not e.hsts.subdomains then lacks[#lacks + 1] = "include_subdomains" end
  if not e.hsts.preload then lacks[#lacks + 1] = "preload" end
  if not e.hsts.override then lacks[#lacks + 1] = "override" end
  if #lacks == 0 then return end
  return fail("Strict-Transport-Security of headers policy " .. e.name .. " lacks " .. table.concat(lacks, ", "),
    { case = "policy", at = e.hsts.age == nil and e or "hsts.age" })
end

return rule {
  id = "AWS-CF-007", title = "Response headers carry no security policy",
  severity = "low", category = "network",
  aliases = { CKV2_AWS_32 = "distribution", CKV_AWS_259 = "policy" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.cloudfront.distribution", "aws.cloudfront.response_headers" },
  description = [[Strict-Transport-Security keeps browsers from ever asking over plain HTTP, where anyone on the way can answer.]],
  remediation = [[Make an `aws_cloudfront_response_headers_policy` with `strict_transport_security` (a year, `include_subdomains`, `preload`,
`override`), and name it in each behaviour; or use the managed SecurityHeadersPolicy.]],
  references = { "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-response-headers.html" },
  -- CKV2_AWS_32 wants a reference to a policy; the id of a managed one is as good. It looks at the distribution as a
  -- whole, not at each behaviour.
  check = function(e)
    if e.kind == "aws.cloudfront.distribution" then return distribution(e) end
    return policy(e)
  end,
  tests = {
    fail = { [[
resource "aws_cloudfront_distribution" "fire" {
  default_cache_behavior { viewer_protocol_policy = "https-only" }
}]], [[
resource "aws_cloudfront_response_headers_policy" "fire" {
  name = "fire"
  security_headers_config {
    strict_transport_security {
      access_control_max_age_sec = 3600
      include_subdomains         = true
      preload                    = true
      override                   = true
    }
  }
}]], live [[
[{"type": "aws:cloudfront:distribution", "name": "fire", "body": {"DefaultCacheBehavior": {"ViewerProtocolPolicy": "https-only"}}}]
]] },
    pass = { [[
resource "aws_cloudfront_response_headers_policy" "dont_fire" {
  name = "p"
  security_headers_config {
    strict_transport_security {
      access_control_max_age_sec = 63072000
      include_subdomains         = true
      preload                    = true
      override                   = true
    }
  }
}
resource "aws_cloudfront_distribution" "dont_fire" {
  default_cache_behavior { response_headers_policy_id = aws_cloudfront_response_headers_policy.dont_fire.id }
}]], live [[
[{"type": "aws:cloudfront:distribution", "name": "dont_fire",
  "body": {"DefaultCacheBehavior": {"ResponseHeadersPolicyId": "67f7725c-6f97-4210-82d7-5512b31e9d03"}}}]
]] },
    unknown = { [[
variable "p" {}
resource "aws_cloudfront_distribution" "a" {
  default_cache_behavior { response_headers_policy_id = var.p }
}]] },
  },
}
