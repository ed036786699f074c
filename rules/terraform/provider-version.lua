local terraform = lib "terraform"

return rule {
  id = "TF-011", title = "Provider or core version is not constrained or locked",
  severity = "medium", category = "supply-chain",
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = { "terraform.root", "terraform.provider_requirement" },
  where = function(e) return e.space == "" and terraform.is_applied(e) end,
  description = [[Without a bound and a lock file each machine runs other code, with the credentials of the pipeline.]],
  remediation = [[Set `required_version`, give each provider a `source` and a bounded `version`, and commit `.terraform.lock.hcl`.]],
  references = {
    "https://developer.hashicorp.com/terraform/language/files/dependency-lock",
    "https://developer.hashicorp.com/terraform/language/providers/requirements",
  },
  check = function(e)
    if e.kind == "terraform.root" then
      local found = {}
      if e.raw.required_version == nil then found[1] = fail(terraform.root(e) .. " sets no required_version") end
      if not e.raw.lock_file then found[#found + 1] = fail(terraform.root(e) .. " has no .terraform.lock.hcl beside it") end
      return found
    end
    if e.raw.source == "terraform.io/builtin/terraform" then return end
    if not e.raw.declared then return fail("provider " .. e.name .. " is used without an entry in required_providers") end
    local version = e.raw.version
    if version == nil then return fail("provider " .. e.name .. " has no version constraint") end
    if not terraform.is_bounded(version) then
      return fail("version \"" .. version .. "\" of provider " .. e.name .. " has no upper bound", { at = "raw.version" })
    end
    local root = graph.all("terraform.root")[1]
    if root ~= nil and root.raw.lock_file and not has(root.raw.locked, e.raw.source) then
      return fail("the lock file has no checksums for provider " .. e.name)
    end
  end,
  tests = {
    fail = { [[provider "aws" { region = "eu-west-1" }]], [[
terraform {
  required_version = "~> 1.9"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5"
    }
  }
}
provider "aws" {}]] },
    pass = { files { ["main.tf"] = [[
terraform {
  required_version = "~> 1.9"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.60"
    }
  }
}
provider "aws" {}
]], [".terraform.lock.hcl"] = [[
provider "registry.terraform.io/hashicorp/aws" {
  version = "5.60.0"
  hashes  = ["h1:s1="]
}
]] } },
  },
}
