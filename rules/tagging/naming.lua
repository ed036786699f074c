local tags = lib "tags"

return rule {
  id = "TAG-008", title = "Tag keys or values break the naming standard",
  severity = "low", category = "tagging",
  version = 2, changes = { "an unknown tag makes the verdict unknown" },
  frameworks = { "NIST-800-53r5:CM-8", "PCI-DSS-4.0:12.5.1", "SOC2:CC6.1", "ISO27001-2022:A.5.9" },
  for_each = { "aws.s3.bucket", "aws.ec2.instance", "aws.ec2.volume", "aws.ec2.eip", "aws.ec2.security_group", "aws.vpc", "aws.vpc.subnet",
    "aws.vpc.nat_gateway", "aws.vpc.endpoint", "aws.rds.instance", "aws.rds.cluster", "aws.kms.key", "aws.eks.cluster",
    "aws.eks.node_group", "aws.iam.role",
    "k8s.namespace", "k8s.workload" },
  description = [[`Owner`, `owner` and `ownerr` are three tags to every report. The keys as they should be written stand in the parameter
`tag_keys`; blanks around values and the provider's limits are judged always.]],
  remediation = [[Write the key and value in the standard's form.]],
  references = { "https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html" },
  check = function(e)
    local standard = {}
    for _, key in ipairs(param("tag_keys", {})) do standard[tags.fold(key)] = key end
    return each(keys(e.tags), function(key)
      local wanted = standard[tags.fold(key)]
      if wanted and wanted ~= key and not string.find(key, "/", 1, true) then
        return fail("tag " .. key .. " of " .. e.name .. " should be written " .. wanted, { at = "tags" })
      end
      if starts(e.kind, "aws.") and (#key > 128 or match(key, "(?i)^aws:")) then
        return fail("tag key " .. key .. " of " .. e.name .. " breaks AWS's limits", { at = "tags" })
      end
      local value = tostring(e.tags[key] or "")
      if trim(value) ~= value then
        return fail("the value of tag " .. key .. " of " .. e.name .. " begins or ends with a blank", { at = "tags" })
      end
      if starts(e.kind, "aws.") and #value > 256 then
        return fail("the value of tag " .. key .. " of " .. e.name .. " is longer than 256 characters", { at = "tags" })
      end
    end)
  end,
  tests = {
    fail = { [[
# parameters: {"tag_keys": ["owner"]}
resource "aws_vpc" "fire" { tags = { Owner = "net" } }]], [[resource "aws_vpc" "fire" { tags = { owner = "net " } }]] },
    pass = { [[resource "aws_vpc" "dont_fire" { tags = { Owner = "net" } }]] },
    unknown = { [[
variable "owner" {}
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
  tags       = { owner = var.owner }
}]] },
  },
}
