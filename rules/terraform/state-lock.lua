local terraform = lib "terraform"

return rule {
  id = "TF-002", title = "State can be written by two runs at once",
  severity = "high", category = "hygiene",
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "terraform.root",
  where = function(e) return e.raw.backend ~= nil and e.raw.backend.type ~= "local" end,
  description = [[Two runs that write one state overwrite each other's resources; the loser's are orphaned.]],
  remediation = [[Set `use_lockfile = true` (Terraform 1.10) or `dynamodb_table` in the S3 backend; never switch locking off.]],
  references = { "https://developer.hashicorp.com/terraform/language/backend/s3" },
  check = function(e)
    local backend = e.raw.backend
    if backend.type == "s3" then
      local values = backend.values
      if values.use_lockfile ~= true and values.dynamodb_table == nil then
        if values.use_lockfile == nil and terraform.is_partial(backend) then
          unknown("the backend's lock may come from the command line")
        end
        return fail("the S3 backend of " .. terraform.root(e) .. " has neither use_lockfile nor dynamodb_table", { at = backend })
      end
    elseif backend.type == "http" and terraform.setting(backend, "lock_address") == nil then
      return fail("the HTTP backend of " .. terraform.root(e) .. " has no lock_address", { at = backend })
    elseif backend.type == "consul" and backend.values.lock == false then
      return fail("the backend of " .. terraform.root(e) .. " switches locking off", { at = backend })
    end
  end,
  tests = {
    fail = { [[
terraform {
  backend "s3" {
    bucket  = "state"
    key     = "net"
    encrypt = true
  }
}]] },
    pass = { [[
terraform {
  backend "s3" {
    bucket       = "state"
    key          = "net"
    use_lockfile = true
  }
}]], [[
terraform {
  backend "s3" {
    bucket         = "state"
    key            = "net"
    dynamodb_table = "locks"
  }
}]] },
    unknown = { [[
terraform {
  backend "s3" {}
}
]] },
  },
}
