local rds = lib "rds"

return rule {
  id = "AWS-RDS-013", title = "Engine logs are not exported or statements not logged",
  severity = "medium", category = "logging",
  aliases = {
    CKV_AWS_129 = "instance", CKV_AWS_324 = "cluster", CKV_AWS_325 = "audit", CKV2_AWS_27 = "cluster-statements",
    CKV2_AWS_30 = "statements",
  },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "aws.rds.instance", "aws.rds.cluster" },
  description = [[Logs that stay in the database are gone with it. Exported, they show failed logins, slow and suspicious
statements.]],
  remediation = [[Set `enabled_cloudwatch_logs_exports`; with `audit` for Aurora MySQL; `log_statement` or
`log_min_duration_statement` in the parameter group of PostgreSQL.]],
  references = { "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html" },
  -- Either parameter writes statements to the log; CKV2_AWS_27 and CKV2_AWS_30 want both.
  check = function(e)
    local cluster = e.kind == "aws.rds.cluster"
    local what = (cluster and "cluster " or "database ") .. e.name
    return each({ "logs", "audit", "statements" }, function(place)
      local logs, engine = e.logs, e.engine
      if place == "logs" then
        if logs == nil or #logs == 0 then
          return fail(what .. " exports no logs", { case = cluster and "cluster" or "instance", at = "logs" })
        end
      elseif place == "audit" then
        if cluster and one_of(engine or "aurora", "aurora", "aurora-mysql") and not has(logs, "audit") then
          return fail(what .. " does not export its audit log", { case = "audit", at = "logs" })
        end
      elseif engine ~= nil and one_of(engine, "postgres", "aurora-postgresql") and e.origin ~= "live" then
        -- Without a group of its own the default applies, which logs no statements.
        local groups = rds.parameter_groups(e)
        for _, group in ipairs(groups) do
          if rds.parameter(group, "log_statement") or rds.parameter(group, "log_min_duration_statement") then return end
        end
        if #groups == 0 and e.raw.parameter_group_name == nil and e.raw.db_cluster_parameter_group_name == nil then
          return fail(what .. " has the default parameter group, which logs no statements",
            { case = cluster and "cluster-statements" or "statements", at = e, severity = "low" })
        end
        if #groups == 0 then unknown("the parameter group is not in the scan") end
        return fail("parameter group " .. groups[1].name .. " of " .. what .. " logs no statements",
          { case = cluster and "cluster-statements" or "statements", at = "parameter_group",
            evidence = { { groups[1], "the parameter group" } } })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:rds:db", "name": "fire", "body": {"EnabledCloudwatchLogsExports": []}}]
]], [[resource "aws_db_instance" "fire" { engine = "mysql" }]], [[
resource "aws_rds_cluster" "fire" {
  engine                          = "aurora-mysql"
  enabled_cloudwatch_logs_exports = ["error"]
}]] },
    pass = { live [[
[{"type": "aws:rds:db", "name": "dont_fire", "body": {"EnabledCloudwatchLogsExports": ["postgresql"]}}]
]], [[
resource "aws_db_instance" "dont_fire" {
  engine                          = "mysql"
  enabled_cloudwatch_logs_exports = ["error"]
}]] },
    unknown = { [[
variable "logs" { type = list(string) }
resource "aws_db_instance" "a" {
  engine                          = "mysql"
  enabled_cloudwatch_logs_exports = var.logs
}]] },
  },
}
