local terraform = lib "terraform"

-- What tells one state from another, or nil.
local parts = { s3 = { "bucket", "key" }, gcs = { "bucket", "prefix" }, azurerm = { "storage_account_name", "container_name", "key" },
                consul = { "address", "path" }, http = { "address" }, remote = { "hostname", "organization" } }

local function key_of(root)
  local backend = root.raw.backend
  if backend == nil or parts[backend.type] == nil or terraform.is_partial(backend) or not known(backend.values) then return nil end
  local text = backend.type .. ":"
  for _, name in ipairs(parts[backend.type]) do
    if not known(backend.values[name]) then return nil end
    text = text .. "/" .. tostring(backend.values[name] or "")
  end
  local workspaces = backend.values.workspaces
  if workspaces ~= nil then text = text .. "/" .. tostring(workspaces.name or workspaces.prefix or "") end
  return text
end

return rule {
  id = "TF-004", title = "Environments share one state or backend key",
  severity = "high", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:6.5.3", "SOC2:CC6.6", "ISO27001-2022:A.8.31" },
  for_each = "terraform.root",
  where = function(e) return e.raw.backend ~= nil and e.environment ~= "" and parts[e.raw.backend.type] ~= nil end,
  description = [[With one state for two environments, a plan for dev may change prod, and who may read one reads both.]],
  remediation = [[Give each environment a backend key (better a bucket and an account) of its own.]],
  references = { "https://developer.hashicorp.com/terraform/language/state/workspaces" },
  check = function(e)
    local own = key_of(e)
    if own == nil then unknown("backend settings may come from the command line") end
    for _, other in ipairs(graph.everywhere("terraform.root")) do
      if other.environment ~= "" and other.environment ~= e.environment and key_of(other) == own then
        return fail("state of " .. e.environment .. " and of " .. other.environment .. " is one: " .. own,
          { at = e.raw.backend, evidence = { { other, "the same backend" } } })
      end
    end
  end,
  tests = {
    fail = { files { ["prod/main.tf"] = [[
terraform {
  backend "s3" {
    bucket = "state"
    key    = "net"
  }
}
]], ["dev/main.tf"] = [[
terraform {
  backend "s3" {
    bucket = "state"
    key    = "net"
  }
}
]] }, files { ["main.tf"] = [[
variable "size" {}
terraform {
  backend "gcs" { bucket = "state" }
}
]], ["prod.tfvars"] = "size = 3\n", ["dev.tfvars"] = "size = 1\n" } },
    pass = { files { ["prod/main.tf"] = [[
terraform {
  backend "s3" {
    bucket = "state"
    key    = "prod/net"
  }
}
]], ["dev/main.tf"] = [[
terraform {
  backend "s3" {
    bucket = "state"
    key    = "dev/net"
  }
}
]] } },
    unknown = { files { ["prod/main.tf"] = [[
terraform {
  backend "s3" {}
}
]] } },
  },
}
