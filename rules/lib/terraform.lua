-- What the rules about Terraform code share.

local terraform = {}

-- Folders of code that nobody applies as it is.
local function is_sample(path)
  return match(path, "(?i)(?:^|/)(?:examples?|samples?|tests?|testing|fixtures|modules|wrappers)(?:/|$)") ~= nil
end

-- Whether a root is run by somebody, as against a module that happens to be called by nobody here: it says where its state
-- lies, or configures a provider of its own. `e` is any part of the root.
function terraform.is_applied(e)
  return once("terraform root is applied", function()
    local applied = false
    for _, root in ipairs(graph.all("terraform.root")) do
      if is_sample(root.raw.dir or "") then return false end
      applied = applied or root.raw.backend ~= nil
    end
    for _, provider in ipairs(graph.all("terraform.provider")) do
      applied = applied or provider.space == ""
    end
    return applied
  end)
end

-- What a root is called: its folder, or, where that is the scanned one, what it is.
function terraform.root(e)
  return e.name == "." and "the root module" or e.name
end

-- Whether a version constraint has an upper bound: "~> 5.0", "= 1.2", "1.2.3", "< 6".
function terraform.is_bounded(constraint)
  return match(constraint, "(?:^|,)\\s*(?:~>|=|<|<=|v?[0-9])") ~= nil
end

-- Backend settings that `terraform init -backend-config` may still add: a block that lacks what its type cannot do without.
local needed = { s3 = { "bucket", "key" }, gcs = { "bucket" }, azurerm = { "container_name", "key" }, http = { "address" },
                 remote = { "organization" }, consul = { "path" }, oss = { "bucket" }, cos = { "bucket" }, pg = { "conn_str" } }

function terraform.is_partial(backend)
  for _, name in ipairs(needed[backend.type] or {}) do
    if backend.values[name] == nil then return true end
  end
  return false
end

-- A setting of the backend; unknown where the command line may give it.
function terraform.setting(backend, name)
  local value = backend.values[name]
  if value == nil and terraform.is_partial(backend) then
    unknown("the backend's " .. name .. " may come from the command line")
  end
  return value
end

return terraform
