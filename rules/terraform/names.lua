return rule {
  id = "TF-015", title = "Names do not follow the convention",
  severity = "info", category = "hygiene",
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = { "terraform.root", "terraform.variable", "terraform.module_call", "terraform.output" },
  where = function(e) return e.kind == "terraform.root" or (e.raw.first and e.space == "") end,
  description = [[One convention makes code searchable; the default is that of HashiCorp's style guide, lower case with
underscores. Parameter `terraform_name_pattern` sets another.]],
  remediation = [[Rename the block; a `moved` block keeps the resource.]],
  references = { "https://developer.hashicorp.com/terraform/language/style#resource-naming" },
  check = function(e)
    local pattern = param("terraform_name_pattern", "^_?[a-z0-9]+(?:_[a-z0-9]+)*$")
    if e.kind ~= "terraform.root" then
      if match(e.name, pattern) then return end
      return fail("the name " .. e.name .. " does not match " .. pattern)
    end
    return each(e.raw.names or {}, function(block)
      if not match(block.name, pattern) then
        return fail("the name of " .. block.what .. " " .. block.name .. " does not match " .. pattern, { at = block })
      end
    end)
  end,
  tests = {
    fail = { [[resource "aws_vpc" "Main-Net" {}]], [[variable "fire-x" {}]] },
    pass = { [[
resource "aws_vpc" "main_net" {}
variable "size" {}]] },
  },
}
