local terraform = lib "terraform"

return rule {
  id = "TAG-010", title = "Provider sets no default tags",
  severity = "low", category = "tagging",
  version = 2, changes = { "judged in roots that are applied, not in modules" },
  frameworks = { "NIST-800-53r5:CM-8", "PCI-DSS-4.0:12.5.1", "SOC2:CC6.1", "ISO27001-2022:A.5.9" },
  for_each = "terraform.provider",
  where = function(e) return e.space == "" and one_of(e.name, "aws", "google", "google-beta") and terraform.is_applied(e) end,
  description = [[Default tags reach each resource that can carry them, also those that somebody adds in a hurry.]],
  remediation = [[Add `default_tags { tags = { … } }` to the AWS provider, `default_labels = { … }` to the Google provider.]],
  references = { "https://registry.terraform.io/providers/hashicorp/aws/latest/docs#default_tags-configuration-block",
    "https://registry.terraform.io/providers/hashicorp/google/latest/docs/guides/provider_reference#default_labels" },
  check = function(e)
    local defaults = e.raw.default_tags
    if defaults ~= nil and #keys(defaults) > 0 then return end
    if e.name == "aws" then return fail("the AWS provider sets no default tags", { at = e }) end
    return fail("the Google provider sets no default labels", { at = e })
  end,
  tests = {
    fail = { [[provider "aws" { region = "eu-west-1" }]], [[provider "google" { project = "p" }]] },
    pass = { files {
      ["modules/net/main.tf"] = "provider \"google\" { project = \"p\" }\n",
      ["main.tf"] = "provider \"google\" { default_labels = { owner = \"net\" } }\n",
    }, [[
provider "aws" {
  default_tags { tags = { owner = "net" } }
}
provider "google" { default_labels = { owner = "net" } }]] },
    unknown = { [[
variable "labels" { type = map(string) }
provider "google" { default_labels = var.labels }]] },
  },
}
