local values = lib "values"

return rule {
  id = "AWS-DOCDB-001", title = "Cluster is not encrypted, or not with a customer managed key",
  severity = "high", category = "encryption",
  version = 2, changes = { "judged on live answers too" },
  aliases = { CKV_AWS_74 = "cluster", CKV_AWS_292 = "global", ["AVD-AWS-0021"] = "cluster", CKV_AWS_182 = "key",
    ["AVD-AWS-0022"] = "key" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = { "aws.docdb.cluster", "aws.docdb.global_cluster" },
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
      elseif e.origin == "live" then
        -- The answer names the key of AWS too; whose it is stands with the key.
        if not e.encrypted then return end
        for _, key in ipairs(e:targets(e.raw.KmsKeyId)) do
          if key.raw.KeyManager == "CUSTOMER" then return end
          if key.raw.KeyManager == "AWS" then
            return fail("cluster " .. e.name .. " has no key of its own", { case = place, at = e, severity = "medium" })
          end
        end
        unknown("whose key encrypts the cluster was not collected")
      elseif not values.set(e, e.raw, "kms_key_id") then
        return fail("cluster " .. e.name .. " has no key of its own", { case = place, at = e, severity = "medium" })
      end
    end)
  end,
  tests = {
    fail = { [[resource "aws_docdb_cluster" "fire" { cluster_identifier = "fire" }]], [[resource "aws_docdb_global_cluster" "fire" {}]], live [[
[{"type": "aws:docdb:cluster", "name": "fire", "body": {"DBClusterIdentifier": "fire", "StorageEncrypted": false}}]
]] },
    pass = { [[
resource "aws_kms_key" "k" {}
resource "aws_docdb_cluster" "dont_fire" {
  storage_encrypted = true
  kms_key_id        = aws_kms_key.k.arn
}]], live [[
[{"type": "aws:docdb:cluster", "name": "dont_fire", "body": {"DBClusterIdentifier": "dont_fire", "StorageEncrypted": true, "KmsKeyId": "arn:aws:kms:eu-west-1:1:key/k"}},
 {"type": "aws:kms:key", "name": "k", "id": "arn:aws:kms:eu-west-1:1:key/k", "body": {"KeyId": "k", "Arn": "arn:aws:kms:eu-west-1:1:key/k", "KeyManager": "CUSTOMER"}}]
]] },
    unknown = { [[
variable "e" { type = bool }
resource "aws_docdb_global_cluster" "a" { storage_encrypted = var.e }]], live [[
[{"type": "aws:docdb:cluster", "name": "a", "body": {"DBClusterIdentifier": "a", "StorageEncrypted": true, "KmsKeyId": "arn:aws:kms:eu-west-1:1:key/k"}}]
]] },
  },
}
