return rule {
  id = "AWS-DDB-003", title = "Table accelerator is unencrypted",
  severity = "medium", category = "encryption",
  aliases = { CKV_AWS_47 = "rest", CKV_AWS_239 = "transit", ["AVD-AWS-0023"] = "rest" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.dax.cluster",
  description = [[A cluster holds copies of the tables' data, in the clear unless told otherwise, and neither setting can be changed
later.]],
  remediation = [[Set `enabled = true` in `server_side_encryption` and `cluster_endpoint_encryption_type = "TLS"`.]],
  references = { "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAXEncryptionAtRest.html" },
  check = function(e)
    return each({ "rest", "transit" }, function(place)
      if place == "rest" then
        if not e.encrypted then return fail("accelerator " .. e.name .. " is not encrypted at rest", { case = place, at = "encrypted" }) end
      elseif e.endpoint ~= "TLS" then
        return fail("clients reach accelerator " .. e.name .. " without TLS", { case = place, at = "endpoint" })
      end
    end)
  end,
  fix = { set("encrypted", true, "rest"), set("endpoint", "TLS", "transit") },
  tests = {
    fail = { live [[
[{"type": "aws:dax:cache", "name": "fire",
  "body": {"SSEDescription": {"Status": "DISABLED"}, "ClusterEndpointEncryptionType": "TLS"}}]
]], [[resource "aws_dax_cluster" "fire" { cluster_name = "fire" }]] },
    pass = { live [[
[{"type": "aws:dax:cache", "name": "dont_fire",
  "body": {"SSEDescription": {"Status": "ENABLED"}, "ClusterEndpointEncryptionType": "TLS"}}]
]], [[
resource "aws_dax_cluster" "dont_fire" {
  cluster_name                     = "dont-fire"
  cluster_endpoint_encryption_type = "TLS"
  server_side_encryption { enabled = true }
}]] },
    unknown = { [[
variable "t" {}
resource "aws_dax_cluster" "a" {
  cluster_name                     = "a"
  cluster_endpoint_encryption_type = var.t
  server_side_encryption { enabled = true }
}]] },
  },
}
