local values = lib "values"

return rule {
  id = "AWS-DOCDB-001", title = "Cluster is not encrypted, or not with a customer managed key",
  severity = "high", category = "encryption",
  aliases = { CKV_AWS_74 = "cluster", CKV_AWS_292 = "global", ["AVD-AWS-0021"] = "cluster", CKV_AWS_182 = "key",
    ["AVD-AWS-0022"] = "key" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = { "aws.docdb.cluster", "aws.docdb.global_cluster" },
  where = function(e) return e.origin ~= "live" end,
  description = [[Storage that is not encrypted can be read from every copy and snapshot of it. A key of one's own can be withdrawn.]],
  remediation = [[Set `storage_encrypted = true` and `kms_key_id`.]],
  references = { "https://docs.aws.amazon.com/documentdb/latest/developerguide/encryption-at-rest.html" },
  check = function(e)
    if e.kind == "aws.docdb.global_cluster" then
      if e.encrypted then return end
      if values.set(e, e.raw, "source_db_cluster_identifier") and e.raw.storage_encrypted == nil then
        unknown("the cluster takes its encryption from its source")
      end
      return fail("global cluster " .. e.name .. " is not encrypted", { case = "global", at = "encrypted" })
    end
    return each({ "cluster", "key" }, function(place)
      if place == "cluster" then
        if e.encrypted then return end
        if e.raw.storage_encrypted == nil and values.set(e, e.raw, "snapshot_identifier") then
          unknown("the cluster takes its encryption from its snapshot")
        end
        return fail("cluster " .. e.name .. " is not encrypted", { case = place, at = "encrypted" })
      elseif not values.set(e, e.raw, "kms_key_id") then
        return fail("cluster " .. e.name .. " has no key of its own", { case = place, at = e, severity = "medium" })
      end
    end)
  end,
  tests = {
    fail = { [[resource "aws_docdb_cluster" "fire" { cluster_identifier = "fire" }]], [[resource "aws_docdb_global_cluster" "fire" {}]] },
    pass = { [[
resource "aws_kms_key" "k" {}
resource "aws_docdb_cluster" "dont_fire" {
  storage_encrypted = true
  kms_key_id        = aws_kms_key.k.arn
}]] },
    unknown = { [[
variable "e" { type = bool }
resource "aws_docdb_global_cluster" "a" { storage_encrypted = var.e }]] },
  },
}
