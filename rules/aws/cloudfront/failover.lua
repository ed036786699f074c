local function groups_work(e)
  local groups = list(e.origin_groups)
  if #groups == 0 then return false end
  for _, group in ipairs(groups) do
    local criteria = group.failover_criteria or group.FailoverCriteria
    local members = group.member or group.Members.Items
    if criteria == nil or #list(members) < 2 then return false end
  end
  return true
end

return rule {
  id = "AWS-CF-008", title = "Distribution has no origin failover, default object or geographic limit",
  severity = "low", category = "resilience",
  aliases = { CKV_AWS_310 = "failover", CKV_AWS_305 = "root", CKV_AWS_374 = "geography" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "aws.cloudfront.distribution",
  description = [[With a second origin, a distribution answers when the first is down. Without a default object, a request for the root may list
what a bucket holds. Where the parameter `restrict_geography` is set, a distribution must say which countries it serves.]],
  remediation = [[Add an `origin_group` with `failover_criteria` and two members, set `default_root_object`, and `geo_restriction`.]],
  references = { "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html",
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DefaultRootObject.html" },
  -- Whom to serve is a decision of the business: CKV_AWS_374 fails every distribution that serves all, this rule only
  -- where that is asked for.
  check = function(e)
    local failures = {}
    if not groups_work(e) then
      failures[1] = fail("distribution " .. e.name .. " has no second origin to fall back on", { case = "failover", at = e })
    end
    if e.root == nil or e.root == "" then
      failures[#failures + 1] = fail("distribution " .. e.name .. " has no default object", { case = "root", at = "root" })
    end
    if param("restrict_geography", false) and e.geography == "none" then
      failures[#failures + 1] = fail("distribution " .. e.name .. " serves every country", { case = "geography", at = "geography" })
    end
    return failures
  end,
  tests = {
    fail = { [[
resource "aws_cloudfront_distribution" "fire" { default_root_object = "index.html" }]], [[
# parameters: {"restrict_geography": true}
resource "aws_cloudfront_distribution" "fire" {
  default_root_object = "index.html"
  origin_group {
    origin_id = "g"
    failover_criteria { status_codes = [500, 502] }
    member { origin_id = "a" }
    member { origin_id = "b" }
  }
  restrictions {
    geo_restriction { restriction_type = "none" }
  }
}]], live [[
[{"type": "aws:cloudfront:distribution", "name": "fire", "body": {"DefaultRootObject": "", "OriginGroups": {"Items": []}}}]
]] },
    pass = { [[
resource "aws_cloudfront_distribution" "dont_fire" {
  default_root_object = "index.html"
  origin_group {
    origin_id = "g"
    failover_criteria { status_codes = [500, 502] }
    member { origin_id = "a" }
    member { origin_id = "b" }
  }
}]], live [[
[{"type": "aws:cloudfront:distribution", "name": "dont_fire", "body": {"DefaultRootObject": "index.html",
  "OriginGroups": {"Items": [{"FailoverCriteria": {"StatusCodes": {"Items": [500]}},
    "Members": {"Items": [{"OriginId": "a"}, {"OriginId": "b"}]}}]}}}]
]] },
    unknown = { [[
variable "root" {}
resource "aws_cloudfront_distribution" "a" {
  default_root_object = var.root
  origin_group {
    origin_id = "g"
    failover_criteria { status_codes = [500, 502] }
    member { origin_id = "a" }
    member { origin_id = "b" }
  }
}]] },
  },
}
