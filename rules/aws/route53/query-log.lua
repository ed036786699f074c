return rule {
  id = "AWS-R53-002", title = "Public zone does not log queries",
  severity = "low", category = "logging",
  aliases = { "CKV2_AWS_39" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.route53.zone",
  -- Queries of private zones are logged by the resolver.
  where = function(e) return e.origin ~= "live" and #list(e.raw.vpc) == 0 end,
  description = [[Queries show which names an intruder tries, and which forgotten ones are still asked for.]],
  remediation = [[Add an `aws_route53_query_log` with the zone's id.]],
  references = { "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html" },
  check = function(e)
    if #e:satellites("log") > 0 then return end
    return fail("zone " .. e.name .. " does not log queries", { at = e })
  end,
  tests = {
    fail = { [[resource "aws_route53_zone" "fire" { name = "example.com" }]] },
    pass = { [[
resource "aws_route53_zone" "dont_fire" { name = "example.com" }
resource "aws_route53_query_log" "l" {
  zone_id                  = aws_route53_zone.dont_fire.zone_id
  cloudwatch_log_group_arn = "arn:aws:logs:us-east-1:123456789012:log-group:g"
}
resource "aws_route53_zone" "dont_fire_private" {
  name = "internal"
  vpc { vpc_id = "vpc-1" }
}]] },
    unknown = { [[
variable "z" {}
resource "aws_route53_zone" "a" { name = "example.com" }
resource "aws_route53_query_log" "l" { zone_id = var.z }]] },
  },
}
