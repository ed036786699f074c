local tags = lib "tags"

return rule {
  id = "AWS-RDS-010", title = "Database can be deleted by accident",
  severity = "medium", category = "resilience",
  aliases = {
    CKV_AWS_139 = "cluster", CKV_AWS_293 = "instance", ["AVD-AWS-0177"] = "instance", ["AVD-AWS-0343"] = "cluster",
  },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = { "aws.rds.instance", "aws.rds.cluster" },
  description = [[Deletion protection makes deleting the database take two steps; a final snapshot lets it come back. Where the
environment is known not to be production the severity is low.]],
  remediation = [[Set `deletion_protection = true` and `skip_final_snapshot = false`.]],
  references = { "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html" },
  check = function(e)
    local cluster = e.kind == "aws.rds.cluster"
    local what = (cluster and "cluster " or "database ") .. e.name
    local severity = tags.severity(e)
    if not e.deletion_protection then
      return fail(what .. " has no deletion protection",
        { case = cluster and "cluster" or "instance", at = "deletion_protection", severity = severity })
    end
    if e.raw.skip_final_snapshot == true and tags.production(e) then
      return fail(what .. " is deleted without a final snapshot", { case = "snapshot", at = "skip_final_snapshot" })
    end
  end,
  fix = set("deletion_protection", true),
  tests = {
    fail = { live [[
[{"type": "aws:rds:db", "name": "fire", "body": {"DeletionProtection": false}}]
]], [[resource "aws_db_instance" "fire" {}]] },
    pass = { live [[
[{"type": "aws:rds:db", "name": "dont_fire", "body": {"DeletionProtection": true}}]
]], [[resource "aws_db_instance" "dont_fire" { deletion_protection = true }]] },
    unknown = { [[
variable "d" { type = bool }
resource "aws_db_instance" "a" { deletion_protection = var.d }]] },
  },
}
