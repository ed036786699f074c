return rule {
  id = "AWS-ACM-001", title = "Certificate covers a wildcard name",
  severity = "low", category = "encryption",
  aliases = { "CKV2_AWS_71" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "aws.acm.certificate",
  description = [[Whoever gets the key of a wildcard certificate can pass as every name below the domain.]],
  remediation = [[Name the hosts, with a certificate for each service.]],
  references = { "https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html" },
  check = function(e)
    if e.domain ~= nil and starts(e.domain, "*") then return fail("certificate " .. e.name .. " covers " .. e.domain, { at = "domain" }) end
    return each(list(e.alternatives), function(name)
      if starts(name, "*") then return fail("certificate " .. e.name .. " covers " .. name, { at = "alternatives" }) end
    end)
  end,
  tests = {
    fail = { [[resource "aws_acm_certificate" "fire" { domain_name = "*.example.com" }]], [[
resource "aws_acm_certificate" "fire" {
  domain_name               = "example.com"
  subject_alternative_names = ["*.example.com"]
}]], live [[
[{"type": "aws:acm:certificate", "name": "fire", "body": {"DomainName": "*.example.com"}}]
]] },
    pass = { [[
resource "aws_acm_certificate" "dont_fire" {
  domain_name               = "example.com"
  subject_alternative_names = ["www.example.com"]
}]], live [[
[{"type": "aws:acm:certificate", "name": "dont_fire",
  "body": {"DomainName": "example.com", "SubjectAlternativeNames": ["www.example.com"]}}]
]] },
    unknown = { [[
variable "d" {}
resource "aws_acm_certificate" "a" { domain_name = var.d }]], live [[
[{"type": "aws:acm:certificate", "name": "a", "body": {}, "unknown": {"DomainName": "AccessDenied"}}]
]] },
  },
}
