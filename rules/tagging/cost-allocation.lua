local tags = lib "tags"

return rule {
  id = "TAG-002", title = "Cost centre, business unit or project tag is missing or malformed",
  severity = "medium", category = "tagging",
  frameworks = { "NIST-800-53r5:CM-8", "PCI-DSS-4.0:12.5.1", "SOC2:CC6.1", "ISO27001-2022:A.5.9" },
  for_each = { "tagged aws.*", "tagged gcp.*" },
  where = function() return #param("cost_tags", {}) > 0 end,
  description = [[Costs that no tag assigns are nobody's. The keys stand in the parameter `cost_tags`, what values look like in
`cost_pattern` (a regular expression) or `cost_values` (a list).]],
  remediation = [[Add the tag with a valid value.]],
  references = { "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-alloc-tags.html" },
  check = function(e)
    return each(param("cost_tags", {}), function(key)
      local value = tags.find(e, key)
      if value == nil or value == "" then return fail(e.name .. " lacks the cost tag " .. key, { at = "tags" }) end
      local pattern, allowed = param("cost_pattern", ""), param("cost_values", {})
      if pattern ~= "" and not match(value, pattern) then
        return fail("cost tag " .. key .. " of " .. e.name .. " has the value " .. value .. ", which does not fit " .. pattern,
          { at = "tags" })
      end
      if #allowed > 0 and not has(allowed, value) then
        return fail("cost tag " .. key .. " of " .. e.name .. " has the value " .. value .. ", which is not in the list",
          { at = "tags" })
      end
    end)
  end,
  tests = {
    fail = { [[
# parameters: {"cost_tags": ["cost-center"], "cost_pattern": "^[0-9]{4}$"}
resource "aws_vpc" "fire" { tags = { CostCenter = "net" } }]] },
    pass = { [[
# parameters: {"cost_tags": ["cost-center"], "cost_pattern": "^[0-9]{4}$"}
resource "aws_vpc" "dont_fire" { tags = { CostCenter = "4711" } }]] },
    unknown = { [[
# parameters: {"cost_tags": ["cost-center"]}
variable "c" {}
resource "aws_vpc" "a" { tags = { CostCenter = var.c } }]] },
  },
}
