local tags = lib "tags"

-- Whether the value fits: a list of what is allowed, or a regular expression.
local function fits(value, allowed)
  if type(allowed) == "string" then return match(value, allowed) ~= nil end
  return has(allowed, value)
end

local function shown(allowed)
  if type(allowed) == "string" then return "which does not fit " .. allowed end
  if #allowed <= 8 then return "which is none of " .. table.concat(allowed, ", ") end
  return "which is not in the list"
end

return rule {
  id = "TAG-012", title = "Tag or label has a value that is not allowed",
  severity = "low", category = "tagging",
  frameworks = { "NIST-800-53r5:CM-8", "PCI-DSS-4.0:12.5.1", "SOC2:CC6.1", "ISO27001-2022:A.5.9" },
  for_each = { "tagged aws.*", "tagged gcp.*", "tagged k8s.*" },
  where = function() return next(param("tag_values", {})) ~= nil end,
  description = [[What counts by tags counts wrong where each team writes its own words. The parameter `tag_values` says for a key which
values there are: a list, a regular expression, or `{file: NAME}` with a value a line. Whether the tag must be there is for TAG-001.]],
  remediation = [[Use a value of the list.]],
  references = { "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html" },
  check = function(e)
    local names = {}
    for key in pairs(param("tag_values", {})) do names[#names + 1] = key end
    table.sort(names)
    return each(names, function(key)
      local value, written = tags.find(e, key)
      local allowed = param("tag_values", {})[key]
      if value ~= nil and not fits(value, allowed) then
        return fail("tag " .. written .. " of " .. e.name .. " has the value " .. value .. ", " .. shown(allowed), { at = "tags" })
      end
    end)
  end,
  tests = {
    fail = { [[
# parameters: {"tag_values": {"stage": ["prod", "dev"], "cost-centre": "^[0-9]{4}$"}}
resource "aws_sns_topic" "fire" { tags = { Stage = "production" } }]], yaml [[
# parameters: {"tag_values": {"team": "^[a-z]+$"}}
apiVersion: v1
kind: Namespace
metadata: { name: fire, labels: { team: "A-1" } }
]] },
    pass = { [[
# parameters: {"tag_values": {"stage": ["prod", "dev"], "cost-centre": "^[0-9]{4}$"}}
resource "aws_sns_topic" "dont_fire" { tags = { Stage = "prod", CostCentre = "4711" } }
resource "aws_vpc" "dont_fire" {}]] },
    unknown = { [[
# parameters: {"tag_values": {"stage": ["prod", "dev"]}}
variable "stage" {}
resource "aws_sns_topic" "a" { tags = { stage = var.stage } }]] },
  },
}
