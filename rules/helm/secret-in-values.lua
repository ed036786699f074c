local secrets = lib "secrets"

-- Names of objects and keys, not values: `existingSecret: shop-db`, `tokenKey: token`.
local function is_name(key, value)
  return match(key, "(?i)^existing|Key$|Name$|Ref$|^(?:image)?pullSecrets?$") ~= nil
    or (match(key, "(?i)secret$") ~= nil and match(value, "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$") ~= nil)
end

-- `way` leads to the tree from the entity, as `at` takes it; nil below a key that cannot be written so.
local function search(e, tree, key, found, depth, way)
  if depth > 32 then return end
  if type(tree) == "string" then
    local kind = secrets.kind(tree)
    if kind ~= nil and not secrets.is_placeholder(tree) then
      found[#found + 1] = fail((key or "a value") .. " in " .. e.raw.path .. " holds " .. kind, { at = way or e })
    end
    return
  end
  if type(tree) ~= "userdata" then return end
  for name, value in pairs(tree) do
    local below = type(name) == "string" and match(name, "^[A-Za-z0-9_-]+$") and way and way .. "." .. name
      or type(name) ~= "string" and way and way .. "[" .. math.tointeger(name - 1) .. "]" or nil
    if type(value) == "string" and type(name) == "string" and secrets.named(name) and not is_name(name, value) and
        #value >= 4 and #value < 300 and secrets.literal(value) and not match(value, "\\s|\\{\\{") then
      found[#found + 1] = fail(name .. " in " .. e.raw.path .. " is a secret in plain text", { at = below or tree })
    else
      search(e, value, type(name) == "string" and name or key, found, depth + 1, below)
    end
  end
end

return rule {
  id = "HELM-004", title = "Values file holds a credential",
  severity = "critical", category = "secrets",
  version = 2, changes = { "silent where a rule about the form of the secret says more; lifetimes and the like of tokens are no secrets" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "helm.values",
  yields_to = {
    "SEC-001", "SEC-002", "SEC-003", "SEC-004", "SEC-005", "SEC-006", "SEC-007", "SEC-008", "SEC-009", "SEC-010", "SEC-011",
    "SEC-012"
  },
  description = [[Values files are in the repository, in each release's Secret and in every `helm get values`.]],
  remediation = [[Refer to a Secret that an external store fills (`existingSecret`), or encrypt the file with SOPS; change the value.]],
  references = { "https://helm.sh/docs/chart_best_practices/values/" },
  check = function(e)
    if e.raw.values.sops ~= nil then return end
    local found = {}
    search(e, e.raw.values, nil, found, 0, "raw.values")
    return found
  end,
  tests = {
    fail = { files { ["Chart.yaml"] = [[
apiVersion: v2
name: shop
version: 1.0.0
]], ["values.yaml"] = [[
database:
  password: Tr0ub4dor-9
]] }, files { ["Chart.yaml"] = [[
apiVersion: v2
name: shop
version: 1.0.0
]], ["values-prod.yaml"] = [[
url: postgres://shop:Tr0ub4dor-9@db/shop
]] } },
    pass = { files { ["Chart.yaml"] = [[
apiVersion: v2
name: shop
version: 1.0.0
]], ["values.yaml"] = [[
database:
  password: ""
  existingSecret: shop-db
  passwordKey: password
  secretName: shop-db
env:
  REFRESH_TOKEN_LIFETIME: "1440"
]] } },
  },
}
