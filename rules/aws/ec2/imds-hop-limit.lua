return rule {
  id = "AWS-EC2-002", title = "Instance metadata answers more than one hop away",
  severity = "medium", category = "least-privilege",
  aliases = { "CKV_AWS_341" },
  frameworks = { "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = { "aws.ec2.instance", "aws.ec2.launch_template", "aws.ec2.launch_configuration" },
  description = [[A hop limit above 1 lets containers on the host reach the metadata service and with it the host's credentials.]],
  remediation = [[Set `http_put_response_hop_limit = 1` and give containers roles of their own.]],
  references = { "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html" },
  check = function(e)
    if e.metadata.endpoint == "disabled" then return end
    if e.metadata.hops > 1 then
      return fail(e.name .. " answers metadata requests up to " .. math.tointeger(e.metadata.hops) .. " hops away",
        { at = "metadata.hops" })
    end
  end,
  fix = set("metadata.hops", 1),
  tests = {
    fail = { live [[
[{"type": "aws:ec2:instance", "name": "fire",
  "body": {"MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 2}}}]
]], [[
resource "aws_launch_template" "fire" {
  metadata_options { http_put_response_hop_limit = 2 }
}]] },
    pass = { live [[
[{"type": "aws:ec2:instance", "name": "dont_fire",
  "body": {"MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1}}}]
]], [[resource "aws_launch_template" "dont_fire" {}]] },
    unknown = { [[
variable "n" { type = number }
resource "aws_launch_template" "a" {
  metadata_options { http_put_response_hop_limit = var.n }
}]] },
  },
}
