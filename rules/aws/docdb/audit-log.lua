return rule {
  id = "AWS-DOCDB-003", title = "Audit log is off or not exported",
  severity = "medium", category = "logging",
  version = 2, changes = { "judged on live answers too" },
  aliases = { CKV_AWS_85 = "export", CKV_AWS_104 = "parameter", ["AVD-AWS-0020"] = "export" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "aws.docdb.cluster", "aws.docdb.parameter_group" },
  description = [[The audit log shows who signed in and what was changed; it has to be written and exported.]],
  remediation = [[Set the parameter `audit_logs` to `enabled`, and `enabled_cloudwatch_logs_exports = ["audit"]`.]],
  references = { "https://docs.aws.amazon.com/documentdb/latest/developerguide/event-auditing.html" },
  check = function(e)
    if e.kind == "aws.docdb.cluster" then
      if has(e.logs, "audit") then return end
      return fail("cluster " .. e.name .. " does not export its audit log", { case = "export", at = "logs" })
    end
    for _, p in ipairs(list(e.raw.parameter)) do
      if p.name == "audit_logs" and p.value ~= "disabled" and p.value ~= "none" then return end
    end
    return fail("parameter group " .. e.name .. " leaves the audit log off", { case = "parameter", at = e })
  end,
  tests = {
    fail = { [[resource "aws_docdb_cluster" "fire" { cluster_identifier = "fire" }]], [[
resource "aws_docdb_cluster_parameter_group" "fire" { family = "docdb5.0" }]], live [[
[{"type": "aws:docdb:cluster", "name": "fire", "body": {"DBClusterIdentifier": "fire", "EnabledCloudwatchLogsExports": ["profiler"]}}]
]] },
    pass = { [[
resource "aws_docdb_cluster" "dont_fire" { enabled_cloudwatch_logs_exports = ["audit"] }
resource "aws_docdb_cluster_parameter_group" "dont_fire" {
  family = "docdb5.0"
  parameter {
    name  = "audit_logs"
    value = "enabled"
  }
}]], live [[
[{"type": "aws:docdb:cluster", "name": "dont_fire", "body": {"DBClusterIdentifier": "dont_fire", "EnabledCloudwatchLogsExports": ["audit"]}}]
]] },
    unknown = { [[
variable "l" { type = list(string) }
resource "aws_docdb_cluster" "a" { enabled_cloudwatch_logs_exports = var.l }]], live [[
[{"type": "aws:docdb:cluster", "name": "a", "body": {"DBClusterIdentifier": "a"}, "unknown": {"EnabledCloudwatchLogsExports": "AccessDenied"}}]
]] },
  },
}
