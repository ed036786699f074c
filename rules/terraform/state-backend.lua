local terraform = lib "terraform"

return rule {
  id = "TF-001", title = "State is stored locally or in an unencrypted backend",
  severity = "high", category = "encryption",
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "terraform.root",
  where = terraform.is_applied,
  description = [[State holds every attribute of every resource in clear text, passwords included. A local file is on one disk,
unlocked and unaudited; an S3 backend without `encrypt` leaves the choice to the bucket.]],
  remediation = [[Declare a remote backend (`backend "s3" { encrypt = true … }`, `gcs`, `azurerm`, `cloud`).]],
  references = {
    "https://developer.hashicorp.com/terraform/language/backend/s3",
    "https://developer.hashicorp.com/terraform/language/state/sensitive-data",
  },
  check = function(e)
    local backend = e.raw.backend
    if backend == nil then return fail("state of " .. terraform.root(e) .. " is kept in a local file: declare a remote backend") end
    if backend.type == "local" then
      return fail("state of " .. terraform.root(e) .. " is kept in a local file: declare a remote backend", { at = backend })
    end
    if backend.type == "http" and match(terraform.setting(backend, "address") or "", "(?i)^http://") then
      return fail("state of " .. terraform.root(e) .. " travels over plain HTTP: use https", { at = backend })
    end
    if backend.type == "s3" and terraform.setting(backend, "encrypt") ~= true then
      return fail("the S3 backend of " .. terraform.root(e) .. " does not set encrypt = true", { at = backend })
    end
  end,
  tests = {
    fail = { [[provider "aws" { region = "eu-west-1" }]], [[
terraform {
  backend "s3" {
    bucket = "state"
    key    = "net"
    region = "eu-west-1"
  }
}]] },
    pass = { [[
terraform {
  backend "s3" {
    bucket  = "state"
    key     = "net"
    region  = "eu-west-1"
    encrypt = true
  }
}]], [[
terraform {
  backend "gcs" { bucket = "state" }
}
]] },
    unknown = { [[
terraform {
  backend "s3" {}
}
]] },
  },
}
