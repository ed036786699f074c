local values = lib "values"

return rule {
  id = "AWS-CF-004", title = "Distribution has no web ACL",
  severity = "medium", category = "network",
  aliases = { "CKV_AWS_68", "AVD-AWS-0011" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.cloudfront.distribution",
  description = [[A web ACL turns common attacks away before they reach the origin.]],
  remediation = [[Set `web_acl_id`.]],
  references = { "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-web-awswaf.html" },
  check = function(e)
    if e.origin == "live" then
      if e.firewall ~= nil and e.firewall ~= "" then return end
    elseif values.set(e, e.raw, "web_acl_id") then
      return
    end
    return fail("distribution " .. e.name .. " has no web ACL", { at = e })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:cloudfront:distribution", "name": "fire", "body": {"Id": "E1", "WebACLId": ""}}]
]], [[resource "aws_cloudfront_distribution" "fire" { enabled = true }]] },
    pass = { live [[
[{"type": "aws:cloudfront:distribution", "name": "dont_fire", "body": {"Id": "E1", "WebACLId": "arn:w"}}]
]], [[
resource "aws_wafv2_web_acl" "w" { name = "w" }
resource "aws_cloudfront_distribution" "dont_fire" { web_acl_id = aws_wafv2_web_acl.w.arn }]] },
    unknown = { [[
variable "w" {}
resource "aws_cloudfront_distribution" "a" { web_acl_id = var.w }]] },
  },
}
