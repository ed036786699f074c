return rule {
  id = "AWS-RDS-015", title = "Tags are not copied to snapshots",
  severity = "low", category = "tagging",
  aliases = { CKV_AWS_313 = "cluster", CKV2_AWS_60 = "instance" },
  frameworks = { "NIST-800-53r5:CM-8", "PCI-DSS-4.0:12.5.1", "SOC2:CC6.1", "ISO27001-2022:A.5.9" },
  for_each = { "aws.rds.instance", "aws.rds.cluster" },
  where = function(e)
    return e.kind == "aws.rds.cluster" or e.engine == nil or not match(e.engine, "^(?:aurora|neptune|docdb)")
  end,
  description = [[Snapshots without the tags of their database have no owner, no class and no cost centre.]],
  remediation = [[Set `copy_tags_to_snapshot = true`.]],
  references = { "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html" },
  check = function(e)
    if e.copy_tags then return end
    local cluster = e.kind == "aws.rds.cluster"
    return fail("tags of " .. e.name .. " are not copied to its snapshots",
      { case = cluster and "cluster" or "instance", at = "copy_tags" })
  end,
  fix = set("copy_tags", true),
  tests = {
    fail = { live [[
[{"type": "aws:rds:db", "name": "fire", "body": {"CopyTagsToSnapshot": false}}]
]], [[resource "aws_db_instance" "fire" {}]] },
    pass = { live [[
[{"type": "aws:rds:db", "name": "dont_fire", "body": {"CopyTagsToSnapshot": true}}]
]], [[resource "aws_rds_cluster" "dont_fire" { copy_tags_to_snapshot = true }]] },
    unknown = { [[
variable "c" { type = bool }
resource "aws_db_instance" "a" { copy_tags_to_snapshot = var.c }]] },
  },
}
