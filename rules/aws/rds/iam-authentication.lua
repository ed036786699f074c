return rule {
  id = "AWS-RDS-007", title = "Database does not use IAM authentication",
  severity = "low", category = "least-privilege",
  aliases = { CKV_AWS_161 = "instance", ["AVD-AWS-0176"] = "instance", CKV_AWS_162 = "cluster" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.rds.instance", "aws.rds.cluster" },
  where = function(e)
    local engine = e.engine
    if e.kind == "aws.rds.instance" then return engine == nil or one_of(engine, "mysql", "postgres", "mariadb") end
    if e.mode == "serverless" then return false end
    return engine == nil or match(engine, "^(?:aurora|aurora-mysql|aurora-postgresql|mysql|postgres)$") ~= nil
  end,
  description = [[With IAM authentication a program logs in with its role and a token of fifteen minutes instead of a password.]],
  remediation = [[Set `iam_database_authentication_enabled = true`.]],
  references = { "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html" },
  check = function(e)
    if e.iam_authentication then return end
    local cluster = e.kind == "aws.rds.cluster"
    return fail((cluster and "cluster " or "database ") .. e.name .. " does not use IAM authentication",
      { case = cluster and "cluster" or "instance", at = "iam_authentication" })
  end,
  fix = set("iam_authentication", true),
  tests = {
    fail = { live [[
[{"type": "aws:rds:db", "name": "fire", "body": {"IAMDatabaseAuthenticationEnabled": false}}]
]], [[resource "aws_db_instance" "fire" { engine = "postgres" }]] },
    pass = { live [[
[{"type": "aws:rds:db", "name": "dont_fire", "body": {"IAMDatabaseAuthenticationEnabled": true}}]
]], [[
resource "aws_db_instance" "dont_fire" {
  engine                              = "postgres"
  iam_database_authentication_enabled = true
}]] },
    unknown = { [[
variable "i" { type = bool }
resource "aws_db_instance" "a" {
  engine                              = "postgres"
  iam_database_authentication_enabled = var.i
}]] },
  },
}
