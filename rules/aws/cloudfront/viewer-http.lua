-- The default behaviour and the others.
local function behaviours(e)
  local found = {}
  for _, name in ipairs { "default_cache_behavior", "ordered_cache_behavior" } do
    for _, behaviour in ipairs(list(e.raw[name])) do found[#found + 1] = behaviour end
  end
  if e.origin == "live" then
    for _, behaviour in ipairs(list(e.raw.DefaultCacheBehavior)) do found[#found + 1] = behaviour end
    for _, behaviour in ipairs(list(e.behaviours)) do found[#found + 1] = behaviour end
  end
  return found
end

return rule {
  id = "AWS-CF-001", title = "Viewers may use plain HTTP",
  severity = "high", category = "encryption",
  aliases = { "CKV_AWS_34", "AVD-AWS-0012" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "aws.cloudfront.distribution",
  description = [[What viewers exchange over plain HTTP can be read and changed on its way.]],
  remediation = [[Set `viewer_protocol_policy = "redirect-to-https"` or `"https-only"`.]],
  references = { "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html" },
  check = function(e)
    return each(behaviours(e), function(behaviour)
      if (behaviour.viewer_protocol_policy or behaviour.ViewerProtocolPolicy) == "allow-all" then
        return fail("distribution " .. e.name .. " answers over plain HTTP", { at = behaviour, within = behaviour })
      end
    end)
  end,
  fix = set("within.viewer_protocol_policy", "redirect-to-https"),
  tests = {
    fail = { live [[
[{"type": "aws:cloudfront:distribution", "name": "fire",
  "body": {"Id": "E1", "DefaultCacheBehavior": {"ViewerProtocolPolicy": "allow-all"}}}]
]], [[
resource "aws_cloudfront_distribution" "fire" {
  default_cache_behavior { viewer_protocol_policy = "allow-all" }
}]] },
    pass = { live [[
[{"type": "aws:cloudfront:distribution", "name": "dont_fire",
  "body": {"Id": "E1", "DefaultCacheBehavior": {"ViewerProtocolPolicy": "https-only"}}}]
]], [[
resource "aws_cloudfront_distribution" "dont_fire" {
  default_cache_behavior { viewer_protocol_policy = "redirect-to-https" }
  ordered_cache_behavior { viewer_protocol_policy = "https-only" }
}]] },
    unknown = { [[
variable "p" {}
resource "aws_cloudfront_distribution" "a" {
  default_cache_behavior { viewer_protocol_policy = var.p }
}]] },
  },
}
