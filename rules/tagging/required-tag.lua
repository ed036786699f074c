local tags = lib "tags"

-- A list for all kinds, or lists by kind: { "*" = { "owner" }, ["aws.s3.*"] = { "data-class" } }.
local function required(e)
  local asked = param("required_tags", {})
  if #asked > 0 then return asked end
  local found = {}
  for pattern, keys in pairs(asked) do
    if glob(e.kind, pattern) then
      for _, key in ipairs(keys) do found[#found + 1] = key end
    end
  end
  table.sort(found)
  return found
end

return rule {
  id = "TAG-001", title = "Required tag or label is missing",
  severity = "medium", category = "tagging",
  frameworks = { "NIST-800-53r5:CM-8", "PCI-DSS-4.0:12.5.1", "SOC2:CC6.1", "ISO27001-2022:A.5.9" },
  for_each = { "tagged aws.*", "tagged gcp.*", "k8s.namespace" },
  where = function(e) return #required(e) > 0 end,
  description = [[Tags say whose a resource is, what it is for and what it costs. Which are required stands in the parameter
`required_tags`, a list or lists by kind; profiles of the configuration make it differ between environments. Without it nothing
is judged. Tags of the provider count, and so do labels.]],
  remediation = [[Add the tag to the resource, or to the provider's `default_tags`.]],
  references = { "https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html" },
  check = function(e)
    local missing = {}
    for _, key in ipairs(required(e)) do
      local value = tags.find(e, key)
      if value == nil or value == "" then missing[#missing + 1] = key end
    end
    if #missing > 0 then return fail(e.name .. " lacks the tag " .. table.concat(missing, ", "), { at = "tags" }) end
  end,
  tests = {
    fail = { [[
# parameters: {"required_tags": {"*": ["owner"], "aws.s3.*": ["data-class"]}}
resource "aws_s3_bucket" "fire" { tags = { owner = "net" } }
resource "aws_vpc" "dont_fire" { tags = { owner = "net" } }]], yaml [[
# parameters: {"required_tags": ["team"]}
apiVersion: v1
kind: Namespace
metadata: { name: fire }
]], [[
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
