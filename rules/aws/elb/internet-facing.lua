local tags = lib "tags"

return rule {
  id = "AWS-ELB-008", title = "Load balancer faces the internet without being declared public",
  severity = "high", category = "network",
  aliases = { "AVD-AWS-0053" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.elb.load_balancer", "aws.elb.classic" },
  where = function(e) return e.kind == "aws.elb.classic" or e.layer ~= "gateway" end,
  description = [[A load balancer is on the internet unless told otherwise. One that is meant to be says so with a tag, such as
`exposure = "public"`.]],
  remediation = [[Set `internal = true`, or tag the load balancer with `exposure = "public"`.]],
  references = { "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html" },
  check = function(e)
    if e.internal then return end
    local declared = tags.first(e, { "exposure", "public", "internet-facing", "scheme", "access", "visibility" })
    if declared ~= nil and match(tostring(declared), "(?i)^(?:public|true|yes|internet|internet-facing|external|entry-?point)$") then return end
    return fail("load balancer " .. e.name .. " is on the internet and not declared to be", { at = "internal" })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:elasticloadbalancing:loadbalancer", "name": "fire", "body": {"Scheme": "internet-facing"}}]
]], [[resource "aws_lb" "fire" { name = "fire" }]] },
    pass = { live [[
[{"type": "aws:elasticloadbalancing:loadbalancer", "name": "dont_fire", "body": {"Scheme": "internal"}}]
]], [[
resource "aws_lb" "dont_fire" { internal = true }
resource "aws_lb" "dont_fire_tagged" { tags = { Exposure = "public" } }]] },
    unknown = { [[
variable "i" { type = bool }
resource "aws_lb" "a" { internal = var.i }]] },
  },
}
