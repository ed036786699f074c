return rule {
  id = "AWS-R53-004", title = "Registered domain may be transferred away",
  severity = "medium", category = "hygiene",
  aliases = { CKV_AWS_377 = "lock" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "aws.route53.registered_domain",
  description = [[A domain that is not locked can be moved to another registrar, and one that is not renewed can be bought by anyone.]],
  remediation = [[Leave `transfer_lock` and `auto_renew` on.]],
  references = { "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/domain-lock.html" },
  check = function(e)
    if not e.transfer_lock then return fail("domain " .. e.name .. " may be transferred away", { case = "lock", at = "transfer_lock" }) end
    if not e.auto_renew then return fail("domain " .. e.name .. " is not renewed by itself", { case = "renewal", at = "auto_renew" }) end
  end,
  fix = set("transfer_lock", true),
  tests = {
    fail = { live [[
[{"type": "aws:route53domains:domain", "name": "fire", "body": {"TransferLock": false, "AutoRenew": true}}]
]], [[resource "aws_route53domains_registered_domain" "fire" { transfer_lock = false }]] },
    pass = { live [[
[{"type": "aws:route53domains:domain", "name": "dont_fire", "body": {"TransferLock": true, "AutoRenew": true}}]
]], [[resource "aws_route53domains_registered_domain" "dont_fire" { domain_name = "example.com" }]] },
    unknown = { [[
variable "l" { type = bool }
resource "aws_route53domains_registered_domain" "a" { transfer_lock = var.l }]] },
  },
}
