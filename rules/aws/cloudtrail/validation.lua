return rule {
  id = "AWS-TRAIL-003", title = "Trail files are not validated",
  severity = "medium", category = "logging",
  aliases = { "CKV_AWS_36", "AVD-AWS-0016" },
  frameworks = { "CIS-AWS-3.0:3.2", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.cloudtrail.trail",
  description = [[Without digests nobody can prove that a record was not changed or removed.]],
  remediation = [[Set `enable_log_file_validation = true`.]],
  references = { "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html" },
  check = function(e)
    if not e.validation then return fail("files of trail " .. e.name .. " are not validated", { at = "validation" }) end
  end,
  fix = set("validation", true),
  tests = {
    fail = { live [[
[{"type": "aws:cloudtrail:trail", "name": "fire", "body": {"LogFileValidationEnabled": false}}]
]], [[resource "aws_cloudtrail" "fire" { name = "fire" }]] },
    pass = { live [[
[{"type": "aws:cloudtrail:trail", "name": "dont_fire", "body": {"LogFileValidationEnabled": true}}]
]], [[resource "aws_cloudtrail" "dont_fire" { enable_log_file_validation = true }]] },
    unknown = { [[
variable "v" { type = bool }
resource "aws_cloudtrail" "a" { enable_log_file_validation = var.v }]] },
  },
}
