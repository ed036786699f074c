local tags = lib "tags"

-- The provider's own protection, by type; the others have none.
local protection = {
  aws_db_instance = "deletion_protection", aws_rds_cluster = "deletion_protection", aws_dynamodb_table = "deletion_protection_enabled",
  google_sql_database_instance = "deletion_protection",
}

-- Terraform's own default where the attribute is left out.
local protected_by_default = { google_sql_database_instance = true }

return rule {
  id = "TF-013", title = "Critical resource may be destroyed by a plan",
  severity = "medium", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = { "aws.rds.instance", "aws.rds.cluster", "aws.s3.bucket", "aws.kms.key", "aws.dynamodb.table", "gcp.sql.instance",
    "gcp.storage.bucket" },
  where = function(e) return one_of(e.origin, "terraform", "plan") and tags.production(e) end,
  description = [[A renamed block, a changed key or a wrong workspace is enough for a plan that destroys. For data and keys that is
final; `force_destroy` takes away even the refusal to delete a full bucket.]],
  remediation = [[Set `lifecycle { prevent_destroy = true }` or the provider's deletion protection, and `force_destroy = false`.]],
  references = { "https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy" },
  check = function(e)
    if e.raw.force_destroy == true then return fail(e.name .. " may be destroyed with all that is in it", { at = "raw.force_destroy" }) end
    if e.extra.lifecycle.prevent_destroy == true then return end
    local attribute = protection[e.type]
    if attribute ~= nil then
      local value = e.raw[attribute]
      if value == true or (value == nil and protected_by_default[e.type]) then return end
    end
    return fail(e.name .. " has neither prevent_destroy" .. (attribute and " nor " .. attribute or "") .. ": a plan may destroy it")
  end,
  tests = {
    fail = { [[
resource "aws_dynamodb_table" "fire" { tags = { environment = "prod" } }]], [[
resource "aws_s3_bucket" "fire" {
  force_destroy = true
  tags          = { environment = "prod" }
}]] },
    pass = { [[
resource "aws_db_instance" "dont_fire" {
  deletion_protection = true
  tags                = { environment = "prod" }
}
resource "aws_kms_key" "dont_fire" {
  tags = { environment = "prod" }
  lifecycle { prevent_destroy = true }
}]] },
    unknown = { [[
variable "p" {}
resource "aws_db_instance" "a" {
  deletion_protection = var.p
  tags                = { environment = "prod" }
}]] },
  },
}
