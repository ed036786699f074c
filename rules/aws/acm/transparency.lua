return rule {
  id = "AWS-ACM-002", title = "Certificate is not transparency-logged or is replaced with an outage",
  severity = "low", category = "encryption",
  aliases = { CKV_AWS_233 = "replacement", CKV_AWS_234 = "transparency" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "aws.acm.certificate",
  description = [[Browsers reject public certificates that are in no transparency log. A certificate that is destroyed before its
successor exists cannot be replaced while a load balancer uses it.]],
  remediation = [[Leave `certificate_transparency_logging_preference` at ENABLED, and set `create_before_destroy = true` in `lifecycle`.]],
  references = { "https://docs.aws.amazon.com/acm/latest/userguide/acm-bestpractices.html#best-practices-transparency",
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/acm_certificate" },
  check = function(e)
    local failures = {}
    if e.origin ~= "live" and not (e.extra.lifecycle and e.extra.lifecycle.create_before_destroy) then
      failures[1] = fail("certificate " .. e.name .. " is destroyed before its successor exists", { case = "replacement", at = e })
    end
    if e.transparency ~= "ENABLED" then
      failures[#failures + 1] = fail("certificate " .. e.name .. " is kept out of transparency logs",
        { case = "transparency", at = "transparency" })
    end
    return failures
  end,
  fix = set("transparency", "ENABLED", "transparency"),
  tests = {
    fail = { [[resource "aws_acm_certificate" "fire" { domain_name = "example.com" }]], [[
resource "aws_acm_certificate" "fire" {
  domain_name = "example.com"
  options { certificate_transparency_logging_preference = "DISABLED" }
  lifecycle { create_before_destroy = true }
}]], live [[
[{"type": "aws:acm:certificate", "name": "fire", "body": {"Options": {"CertificateTransparencyLoggingPreference": "DISABLED"}}}]
]] },
    pass = { [[
resource "aws_acm_certificate" "dont_fire" {
  domain_name = "example.com"
  lifecycle { create_before_destroy = true }
}]], live [[
[{"type": "aws:acm:certificate", "name": "dont_fire", "body": {"Options": {"CertificateTransparencyLoggingPreference": "ENABLED"}}}]
]] },
    unknown = { [[
variable "p" {}
resource "aws_acm_certificate" "a" {
  domain_name = "example.com"
  options { certificate_transparency_logging_preference = var.p }
  lifecycle { create_before_destroy = true }
}]] },
  },
}
