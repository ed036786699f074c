return rule {
  id = "AWS-MSG-005", title = "Managed broker is public",
  severity = "critical", category = "network",
  aliases = { "CKV_AWS_69", "AVD-AWS-0072" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.mq.broker",
  description = [[A public broker can be reached by everyone on the internet; only a password stands between them and the messages.]],
  remediation = [[Set `publicly_accessible = false`.]],
  references = { "https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/using-amazon-mq-securely.html" },
  check = function(e)
    if e.public then return fail("broker " .. e.name .. " is public", { at = "public" }) end
  end,
  fix = set("public", false),
  tests = {
    fail = { live [[
[{"type": "aws:mq:broker", "name": "fire", "body": {"PubliclyAccessible": true}}]
]], [[resource "aws_mq_broker" "fire" { publicly_accessible = true }]] },
    pass = { live [[
[{"type": "aws:mq:broker", "name": "dont_fire", "body": {"PubliclyAccessible": false}}]
]], [[resource "aws_mq_broker" "dont_fire" { broker_name = "b" }]] },
    unknown = { [[
variable "p" { type = bool }
resource "aws_mq_broker" "a" { publicly_accessible = var.p }]] },
  },
}
