return rule {
  id = "AWS-CF-002", title = "Viewers may use outdated TLS or the shared certificate",
  severity = "high", category = "encryption",
  aliases = { CKV_AWS_174 = "version", CKV2_AWS_42 = "certificate", ["AVD-AWS-0013"] = "version" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "aws.cloudfront.distribution",
  description = [[With the shared certificate, and with a minimum below TLS 1.2, viewers may use outdated TLS.]],
  remediation = [[Set `acm_certificate_arn` and `minimum_protocol_version = "TLSv1.2_2021"` in `viewer_certificate`.]],
  references = { "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html" },
  check = function(e)
    local found = {}
    if e.certificate.default then
      found[1] = fail("distribution " .. e.name .. " uses the shared certificate", { case = "certificate", at = "certificate.default" })
    end
    -- With the shared certificate the minimum is TLSv1 whatever is written.
    local version = e.certificate.default and "TLSv1" or e.certificate.version
    if not match(version, "^TLSv1\\.(?:2_(?:2021|202[5-9])|3)") then
      found[#found + 1] = fail("viewers of distribution " .. e.name .. " may use " .. version, { case = "version", at = "certificate.version" })
    end
    return found
  end,
  fix = set("certificate.version", "TLSv1.2_2021", "version"),
  tests = {
    fail = { live [[
[{"type": "aws:cloudfront:distribution", "name": "fire",
  "body": {"Id": "E1", "ViewerCertificate": {"CloudFrontDefaultCertificate": true, "MinimumProtocolVersion": "TLSv1"}}}]
]], [[
resource "aws_cloudfront_distribution" "fire" {
  viewer_certificate { cloudfront_default_certificate = true }
}]], [[
resource "aws_cloudfront_distribution" "fire" {
  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:123456789012:certificate/c"
    minimum_protocol_version = "TLSv1.1_2016"
  }
}]] },
    pass = { live [[
[{"type": "aws:cloudfront:distribution", "name": "dont_fire",
  "body": {"Id": "E1", "ViewerCertificate": {"CloudFrontDefaultCertificate": false,
    "MinimumProtocolVersion": "TLSv1.2_2021"}}}]
]], [[
resource "aws_cloudfront_distribution" "dont_fire" {
  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:123456789012:certificate/c"
    minimum_protocol_version = "TLSv1.2_2021"
  }
}]] },
    unknown = { [[
variable "v" {}
resource "aws_cloudfront_distribution" "a" {
  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:123456789012:certificate/c"
    minimum_protocol_version = var.v
  }
}]] },
  },
}
