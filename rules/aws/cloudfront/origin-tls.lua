return rule {
  id = "AWS-CF-003", title = "Origin is reached without TLS 1.2",
  severity = "medium", category = "encryption",
  aliases = { CKV2_AWS_72 = "policy", CKV2_AWS_54 = "protocols" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "aws.cloudfront.distribution",
  description = [[What goes to the origin over plain HTTP or outdated TLS can be read and changed on its way.]],
  remediation = [[Set `origin_protocol_policy = "https-only"` and `origin_ssl_protocols = ["TLSv1.2"]`.]],
  references = { "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-cloudfront-to-custom-origin.html" },
  check = function(e)
    return each(list(e.origins), function(origin)
      return each(list(origin.custom_origin_config or origin.CustomOriginConfig), function(config)
        if (config.origin_protocol_policy or config.OriginProtocolPolicy) ~= "https-only" then
          return fail("distribution " .. e.name .. " may reach an origin over plain HTTP", { case = "policy", at = config, within = config })
        end
        return each(list(config.origin_ssl_protocols or config.OriginSslProtocols.Items), function(protocol)
          if not one_of(protocol, "TLSv1.2", "TLSv1.3") then
            return fail("distribution " .. e.name .. " may reach an origin with " .. protocol, { case = "protocols", at = config, within = config })
          end
        end)
      end)
    end)
  end,
  fix = { set("within.origin_protocol_policy", "https-only", "policy"), set("within.origin_ssl_protocols", { "TLSv1.2" }, "protocols") },
  tests = {
    fail = { live [[
[{"type": "aws:cloudfront:distribution", "name": "fire",
  "body": {"Id": "E1", "Origins": {"Items": [{"Id": "o", "CustomOriginConfig": {"OriginProtocolPolicy": "http-only",
    "OriginSslProtocols": {"Items": ["TLSv1.2"]}}}]}}}]
]], [[
resource "aws_cloudfront_distribution" "fire" {
  origin {
    domain_name = "example.com"
    custom_origin_config { origin_protocol_policy = "match-viewer" }
  }
}]], [[
resource "aws_cloudfront_distribution" "fire" {
  origin {
    domain_name = "example.com"
    custom_origin_config {
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1", "TLSv1.2"]
    }
  }
}]] },
    pass = { live [[
[{"type": "aws:cloudfront:distribution", "name": "dont_fire",
  "body": {"Id": "E1", "Origins": {"Items": [{"Id": "o", "CustomOriginConfig": {"OriginProtocolPolicy": "https-only",
    "OriginSslProtocols": {"Items": ["TLSv1.2"]}}}]}}}]
]], [[
resource "aws_cloudfront_distribution" "dont_fire" {
  origin {
    domain_name = "example.com"
    custom_origin_config {
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
}]] },
    unknown = { [[
variable "p" {}
resource "aws_cloudfront_distribution" "a" {
  origin {
    domain_name = "example.com"
    custom_origin_config { origin_protocol_policy = var.p }
  }
}]] },
  },
}
