local tags = lib "tags"

return rule {
  id = "TAG-006", title = "Data classification tag is missing on a store",
  severity = "high", category = "tagging",
  frameworks = { "NIST-800-53r5:RA-2", "PCI-DSS-4.0:12.5.1", "SOC2:CC6.1", "ISO27001-2022:A.5.12" },
  for_each = { "aws.s3.bucket", "aws.rds.instance", "aws.rds.cluster", "aws.ec2.volume", "k8s.persistentvolumeclaim" },
  where = function(e) return tags.in_use(e, tags.class_keys, "classification_required") end,
  description = [[How data is to be protected depends on its class. Judged where the key is in use in the same code, or the
parameter `classification_required` is true.]],
  remediation = [[Add the tag `data-classification` with one of public, internal, confidential, regulated.]],
  references = { "https://docs.aws.amazon.com/whitepapers/latest/data-classification/data-classification.html" },
  check = function(e)
    local word = tags.first(e, tags.class_keys)
    if word == nil or word == "" then return fail("store " .. e.name .. " has no data classification") end
    if not tags.class(e) then
      return fail("the classification " .. word .. " of " .. e.name .. " is none of public, internal, confidential, regulated",
          { at = "tags" })
    end
  end,
  tests = {
    fail = { [[
resource "aws_s3_bucket" "fire" {}
resource "aws_s3_bucket" "other" { tags = { DataClassification = "internal" } }]] },
    pass = { [[resource "aws_s3_bucket" "dont_fire" { tags = { DataClassification = "internal" } }]] },
    unknown = { [[
variable "c" {}
resource "aws_s3_bucket" "a" { tags = { DataClassification = var.c } }]] },
  },
}
