local terraform = lib "terraform"

return rule {
  id = "TF-009", title = "Registry module has no exact version",
  severity = "medium", category = "supply-chain",
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "terraform.module_call",
  where = function(e)
    return e.raw.first and match(e.raw.source or "", "^(?:[\\w.-]+\\.[a-z]+/)?[\\w-]+/[\\w-]+/[\\w-]+(?://.*)?$") ~= nil
    and match(e.raw.source, "^(?:github\\.com|bitbucket\\.org)/") == nil
  end,
  description = [[Without an upper bound the next `init` takes whatever was published since, also a new major version or one by somebody else.]],
  remediation = [[Set `version` to an exact version or `~> X.Y`.]],
  references = { "https://developer.hashicorp.com/terraform/language/modules/configuration#version" },
  check = function(e)
    local version = e.raw.version
    if version == nil then return fail("module " .. e.name .. " takes any version of " .. e.raw.source, { at = "raw.source" }) end
    if not terraform.is_bounded(version) then
      return fail("version \"" .. version .. "\" of module " .. e.name .. " has no upper bound", { at = "raw.version" })
    end
  end,
  tests = {
    fail = { [[module "fire" { source = "terraform-aws-modules/vpc/aws" }]], [[
module "fire" {
  source  = "terraform-aws-modules/vpc/aws"
  version = ">= 5.0"
}]] },
    pass = { [[
module "dont_fire" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 5.8"
}]], [[
module "dont_fire" {
  source  = "app.terraform.io/acme/vpc/aws"
  version = "5.8.1"
}]] },
  },
}
