return rule {
  id = "AWS-ORG-002", title = "Unapproved region is used",
  severity = "medium", category = "hygiene",
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = { "terraform.provider", "aws.account.region" },
  where = function(e)
    if #param("approved_regions", {}) == 0 then return false end
    if e.kind == "aws.account.region" then return e.used ~= false end
    return e.name == "aws"
  end,
  description = [[What runs in a region that nobody expects is not backed up, watched or paid for knowingly, and its data may not be there at
all. The parameter `approved_regions` lists the regions; without it nothing is judged.]],
  remediation = [[Move the resource to an approved region, or add the region to the list.]],
  references = { "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html" },
  check = function(e)
    local approved = param("approved_regions", {})
    if e.kind == "aws.account.region" then
      if not has(approved, e.name) then return fail("region " .. e.name .. " is used, but not approved", { at = e }) end
      return
    end
    local region = e.raw.region
    if region == nil then unknown("the provider takes its region from where it runs") end
    if not has(approved, region) then
      return fail("the provider works in " .. region .. ", which is not approved", { at = region })
    end
  end,
  tests = {
    fail = { [[
# parameters: {"approved_regions": ["eu-west-1"]}
provider "aws" { region = "ap-east-1" }]], live [[
# parameters: {"approved_regions": ["eu-west-1"]}
[{"type": "aws:account:region", "name": "ap-east-1", "body": {"Used": true}}]
]] },
    pass = { [[
# parameters: {"approved_regions": ["eu-west-1"]}
provider "aws" { region = "eu-west-1" }]], live [[
# parameters: {"approved_regions": ["eu-west-1"]}
[{"type": "aws:account:region", "name": "eu-west-1", "body": {"Used": true}}]
]] },
    unknown = { [[
# parameters: {"approved_regions": ["eu-west-1"]}
variable "region" {}
provider "aws" { region = var.region }]], [[
# parameters: {"approved_regions": ["eu-west-1"]}
provider "aws" {}]] },
  },
}
