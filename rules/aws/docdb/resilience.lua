local tags = lib "tags"

return rule {
  id = "AWS-DOCDB-005", title = "Cluster has one instance or no deletion protection in production",
  severity = "medium", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "aws.docdb.cluster",
  where = function(e) return tags.production(e) end,
  description = [[With one instance, the database is away until a new one has started; without deletion protection, one mistaken destroy
takes the data.]],
  remediation = [[Give the cluster two instances in different zones, and set `deletion_protection = true`.]],
  references = { "https://docs.aws.amazon.com/documentdb/latest/developerguide/replication.html" },
  check = function(e)
    local failures = {}
    local n = e.origin == "live" and #list(e.members) or e.origin ~= "live" and #e:satellites("instance") or 0
    if n < 2 then
      failures[1] = fail("production cluster " .. e.name .. " has " .. (n == 0 and "no instance" or "one instance"),
        { case = "instances", at = e })
    end
    if not e.deletion_protection then
      failures[#failures + 1] = fail("production cluster " .. e.name .. " can be deleted by mistake",
        { case = "deletion", at = "deletion_protection" })
    end
    return failures
  end,
  fix = set("deletion_protection", true, "deletion"),
  tests = {
    fail = { [[
resource "aws_docdb_cluster" "fire" {
  cluster_identifier  = "fire"
  deletion_protection = true
  tags                = { environment = "prod" }
}
resource "aws_docdb_cluster_instance" "i" { cluster_identifier = aws_docdb_cluster.fire.id }]], [[
resource "aws_docdb_cluster" "fire" {
  cluster_identifier = "fire"
  tags               = { environment = "prod" }
}
resource "aws_docdb_cluster_instance" "a" { cluster_identifier = aws_docdb_cluster.fire.id }
resource "aws_docdb_cluster_instance" "b" { cluster_identifier = aws_docdb_cluster.fire.id }]], live [[
[{"type": "aws:docdb:cluster", "name": "fire", "body": {"DBClusterIdentifier": "c", "DeletionProtection": false,
  "DBClusterMembers": [{"DBInstanceIdentifier": "a"}, {"DBInstanceIdentifier": "b"}], "TagList": [{"Key": "env", "Value": "prod"}]}}]
]] },
    pass = { [[
resource "aws_docdb_cluster" "dont_fire" {
  cluster_identifier  = "dont-fire"
  deletion_protection = true
  tags                = { environment = "prod" }
}
resource "aws_docdb_cluster_instance" "i" {
  count              = 2
  cluster_identifier = aws_docdb_cluster.dont_fire.id
}]], live [[
[{"type": "aws:docdb:cluster", "name": "dont_fire", "body": {"DBClusterIdentifier": "c", "DeletionProtection": true,
  "DBClusterMembers": [{"DBInstanceIdentifier": "a"}, {"DBInstanceIdentifier": "b"}], "TagList": [{"Key": "env", "Value": "prod"}]}}]
]] },
    unknown = { [[
variable "p" { type = bool }
resource "aws_docdb_cluster" "a" {
  cluster_identifier  = "a"
  deletion_protection = var.p
  tags                = { environment = "prod" }
}
resource "aws_docdb_cluster_instance" "i" {
  count              = 2
  cluster_identifier = aws_docdb_cluster.a.id
}]] },
  },
}
