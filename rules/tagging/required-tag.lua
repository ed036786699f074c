local tags = lib "tags"

return rule {
  id = "TAG-001", title = "Required tag or label is missing",
  severity = "medium", category = "tagging",
  frameworks = { "NIST-800-53r5:CM-8", "PCI-DSS-4.0:12.5.1", "SOC2:CC6.1", "ISO27001-2022:A.5.9" },
  for_each = { "aws.s3.bucket", "aws.ec2.instance", "aws.ec2.volume", "aws.ec2.eip", "aws.ec2.security_group", "aws.vpc", "aws.vpc.subnet",
    "aws.vpc.nat_gateway", "aws.vpc.endpoint", "aws.rds.instance", "aws.rds.cluster", "aws.kms.key", "aws.eks.cluster",
    "aws.eks.node_group", "aws.iam.role" },
  where = function() return #param("required_tags", {}) > 0 end,
  description = [[Tags say whose a resource is, what it is for and what it costs. Which are required stands in the parameter
`required_tags`; without it nothing is judged. Tags of the provider count.]],
  remediation = [[Add the tag to the resource, or to the provider's `default_tags`.]],
  references = { "https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html" },
  check = function(e)
    local missing = {}
    for _, key in ipairs(param("required_tags", {})) do
      local value = tags.find(e, key)
      if value == nil or value == "" then missing[#missing + 1] = key end
    end
    if #missing > 0 then return fail(e.name .. " lacks the tag " .. table.concat(missing, ", "), { at = "tags" }) end
  end,
  tests = {
    fail = { [[
# parameters: {"required_tags": ["owner", "service"]}
resource "aws_vpc" "fire" { tags = { Owner = "net" } }]] },
    pass = { [[
# parameters: {"required_tags": ["owner"]}
resource "aws_vpc" "dont_fire" { tags = { Owner = "net" } }]], [[
# parameters: {"required_tags": ["owner"]}
provider "aws" {
  default_tags { tags = { owner = "net" } }
}
resource "aws_vpc" "dont_fire" {}]] },
    unknown = { [[
# parameters: {"required_tags": ["owner"]}
variable "tags" { type = map(string) }
resource "aws_vpc" "a" { tags = var.tags }]] },
  },
}
