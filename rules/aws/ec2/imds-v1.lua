return rule {
  id = "AWS-EC2-001", title = "Instance metadata accepts version 1 requests",
  severity = "high", category = "least-privilege",
  aliases = { "CKV_AWS_79", "AVD-AWS-0028", "AVD-AWS-0130" },
  frameworks = { "CIS-AWS-3.0:5.6", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8",
    "ISO27001-2022:A.8.9" },
  for_each = { "aws.ec2.instance", "aws.ec2.launch_template", "aws.ec2.launch_configuration" },
  description = [[Version 1 of the metadata service answers any GET, so a program that fetches addresses for others (SSRF) hands out
the instance's credentials. Version 2 wants a token from a PUT first.]],
  remediation = [[Set `metadata_options { http_tokens = "required" }`.]],
  references = { "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html" },
  -- Unset means optional unless the image or the account's defaults say otherwise, which code does not show.
  check = function(e)
    if e.metadata.endpoint == "disabled" then return end
    local tokens = e.metadata.tokens
    if tokens == "required" then return end
    return fail(e.name .. " answers metadata requests of version 1 (http_tokens is " .. (tokens or "not set") .. ")",
      { at = "metadata.tokens" })
  end,
  fix = set("metadata.tokens", "required"),
  tests = {
    fail = { live [[
[{"type": "aws:ec2:instance", "name": "fire",
  "body": {"MetadataOptions": {"HttpTokens": "optional", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1}}}]
]], [[resource "aws_instance" "fire" { ami = "ami-1" }]], [[
resource "aws_launch_template" "fire" {
  metadata_options { http_tokens = "optional" }
}]] },
    pass = { live [[
[{"type": "aws:ec2:instance", "name": "dont_fire",
  "body": {"MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1}}}]
]], [[
resource "aws_instance" "dont_fire" {
  metadata_options { http_tokens = "required" }
}]], [[
resource "aws_instance" "dont_fire" {
  metadata_options { http_endpoint = "disabled" }
}]] },
    unknown = { [[
variable "t" {}
resource "aws_instance" "a" {
  metadata_options { http_tokens = var.t }
}]] },
  },
}
