local tags = lib "tags"

return rule {
  id = "TAG-004", title = "Environment tag is missing or unknown",
  severity = "medium", category = "tagging",
  frameworks = { "NIST-800-53r5:CM-8", "PCI-DSS-4.0:12.5.1", "SOC2:CC6.1", "ISO27001-2022:A.5.9" },
  for_each = { "aws.s3.bucket", "aws.ec2.instance", "aws.ec2.volume", "aws.ec2.eip", "aws.ec2.security_group", "aws.vpc", "aws.vpc.subnet",
    "aws.vpc.nat_gateway", "aws.vpc.endpoint", "aws.rds.instance", "aws.rds.cluster", "aws.kms.key", "aws.eks.cluster",
    "aws.eks.node_group", "aws.iam.role",
    "k8s.namespace" },
  where = function(e) return tags.in_use(e, tags.environment_keys, "environment_required") end,
  description = [[Rules, budgets and rights depend on whether something is production. Judged where the key is in use in the same
code, or the parameter `environment_required` is true.]],
  remediation = [[Add the tag `environment` with one of prod, staging, dev, test.]],
  references = { "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html" },
  check = function(e)
    local word, key = tags.first(e, tags.environment_keys)
    if word == nil or word == "" then return fail(e.name .. " names no environment") end
    if not tags.normal(word) then
      return fail("the environment " .. word .. " of " .. e.name .. " (" .. key .. ") is none of prod, staging, dev, test",
          { at = "tags" })
    end
  end,
  tests = {
    fail = { [[resource "aws_vpc" "fire" { tags = { Environment = "blue" } }]] },
    pass = { [[resource "aws_vpc" "dont_fire" { tags = { env = "Production" } }]] },
    unknown = { [[
variable "e" {}
resource "aws_vpc" "a" { tags = { Environment = var.e } }]] },
  },
}
