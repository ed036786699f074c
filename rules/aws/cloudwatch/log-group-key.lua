local values = lib "values"

return rule {
  id = "AWS-CW-002", title = "Log group is not encrypted with a customer managed key",
  severity = "medium", category = "encryption",
  aliases = { "CKV_AWS_158", "AVD-AWS-0017" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.cloudwatch.log_group",
  classes = { public = "none", internal = "low", regulated = "high" },
  description = [[With a key of one's own, reading the logs also needs a right on the key, every use is logged, and the key can be
withdrawn.]],
  remediation = [[Set `kms_key_id`.]],
  references = { "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html" },
  check = function(e)
    if e.origin == "live" and e.key ~= nil then return end
    if e.origin ~= "live" and values.own_key(e, e.raw, "kms_key_id") then return end
    return fail("log group " .. e.name .. " has no key of its own", { at = "key" })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:logs:log-group", "name": "fire", "body": {"logGroupName": "fire", "storedBytes": 0, "logGroupClass": "STANDARD"}}]
]], [[resource "aws_cloudwatch_log_group" "fire" { name = "fire" }]] },
    pass = { live [[
[{"type": "aws:logs:log-group", "name": "dont_fire", "body": {"logGroupName": "dont_fire",
  "kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"}}]
]], [[
resource "aws_kms_key" "k" {}
resource "aws_cloudwatch_log_group" "dont_fire" { kms_key_id = aws_kms_key.k.arn }]] },
    unknown = { [[
variable "key" {}
resource "aws_cloudwatch_log_group" "a" { kms_key_id = var.key }]] },
  },
}
