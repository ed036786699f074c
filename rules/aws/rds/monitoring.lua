return rule {
  id = "AWS-RDS-014", title = "Enhanced monitoring or performance insights are off",
  severity = "low", category = "logging",
  aliases = { CKV_AWS_118 = "monitoring", CKV_AWS_353 = "insights", ["AVD-AWS-0133"] = "insights" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "aws.rds.instance", "aws.rds.cluster_instance" },
  description = [[Enhanced monitoring shows the machine below the database every few seconds, performance insights what its load is
made of.]],
  remediation = [[Set `monitoring_interval` (with `monitoring_role_arn`) and `performance_insights_enabled = true`.]],
  references = { "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.html" },
  check = function(e)
    return each({ "monitoring", "insights" }, function(case)
      if case == "monitoring" then
        if e.monitoring.interval == 0 then
          return fail("database " .. e.name .. " has no enhanced monitoring", { case = case, at = "monitoring.interval" })
        end
      elseif not e.insights.enabled then
        return fail("performance insights of database " .. e.name .. " are off", { case = case, at = "insights.enabled" })
      end
    end)
  end,
  fix = set("insights.enabled", true, "insights"),
  tests = {
    fail = { live [[
[{"type": "aws:rds:db", "name": "fire", "body": {"MonitoringInterval": 0, "PerformanceInsightsEnabled": true}}]
]], [[resource "aws_db_instance" "fire" {}]] },
    pass = { live [[
[{"type": "aws:rds:db", "name": "dont_fire", "body": {"MonitoringInterval": 60, "PerformanceInsightsEnabled": true}}]
]], [[
resource "aws_db_instance" "dont_fire" {
  monitoring_interval          = 60
  performance_insights_enabled = true
}]] },
    unknown = { [[
variable "n" { type = number }
resource "aws_db_instance" "a" {
  monitoring_interval          = var.n
  performance_insights_enabled = true
}]] },
  },
}
