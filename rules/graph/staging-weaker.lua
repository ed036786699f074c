-- luacheck: no max line length
local tags, controls = lib "tags", lib "controls"

local levels = { privileged = 1, baseline = 2, restricted = 3 }

-- The name without the word for its environment: "trading-staging" and "trading-prod" are of one service.
local function bare(name)
  local parts = {}
  for _, part in ipairs(split(string.gsub(name, "[._]", "-"), "-")) do
    if tags.normal(part) == nil then parts[#parts + 1] = part end
  end
  return table.concat(parts, "-")
end

-- What production has of a kind, by address and by bare name.
local function production(kind)
  return once("staging-weaker " .. kind, function()
    local index = {}
    for _, other in ipairs(graph.everywhere(kind)) do
      if tags.production(other) then
        local keys_of = { "address " .. other.address }
        if known(other.name) and other.name ~= nil then keys_of[2] = "name " .. bare(other.name) end
        for _, key in ipairs(keys_of) do
          local all = index[key] or {}
          all[#all + 1] = other
          index[key] = all
        end
      end
    end
    return index
  end)
end

-- The resources of production that a resource of staging stands for: of the same address elsewhere, or of the same name
-- but for the environment.
local function counterparts(e)
  local index, found, seen = production(e.kind), {}, {}
  local named = known(e.name) and e.name ~= nil and index["name " .. bare(e.name)] or {}
  for _, all in ipairs({ index["address " .. e.address] or {}, named }) do
    for _, other in ipairs(all) do
      local differs = other.address == e.address or other.name ~= e.name
      if other ~= e and other.origin == e.origin and differs and not seen[other.address] then
        seen[other.address] = true
        found[#found + 1] = other
      end
    end
  end
  return found
end

local function namespaces(e, other)
  local key = "pod-security.kubernetes.io/enforce"
  local own, its = e.tags and e.tags[key], other.tags and other.tags[key]
  if its ~= nil and (levels[own] or 0) < (levels[its] or 0) then
    return { fail("namespace " .. e.name .. " enforces " .. (own or "no standard") .. ", " .. other.name .. " of production enforces " .. its
      .. "; enforce the same", { evidence = { { other, "of production" } } }) }
  end
  return {}
end

local kinds = { "k8s.namespace" }
for _, kind in ipairs(controls.kinds) do kinds[#kinds + 1] = kind end

return rule {
  id = "GRAPH-028", title = "Staging is weaker than production", severity = "medium", category = "hygiene",
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = kinds,
  where = function(e) return tags.environment(e) == "staging" end,
  description = [[What is tried in staging has to meet what production will ask of it: a control that is missing there hides what breaks with
it, and leaves copies of data less protected. A resource of staging is compared with that of production with the same address, or with the
same name but for the environment. For charts and overlays HELM-006 and KUST-003 compare what each renders.]],
  remediation = [[Set in staging what is set in production; where it costs too much, accept the difference with a suppression and a reason.]],
  references = { "https://12factor.net/dev-prod-parity" },
  check = function(e)
    local found = {}
    for _, other in ipairs(counterparts(e)) do
      if e.kind == "k8s.namespace" then
        for _, one in ipairs(namespaces(e, other)) do found[#found + 1] = one end
      end
      for _, field in ipairs(controls.fields[e.kind] or {}) do
        local value, its = controls.value(e, field[1]), controls.value(other, field[1])
        if value ~= nil and its ~= nil and controls.weaker(field[2], value, its) then
          found[#found + 1] = fail(e.name .. " of staging has " .. field[1] .. " = " .. tostring(value) .. ", " .. other.name
            .. " of production has " .. tostring(its) .. "; set the same", { at = field[1], evidence = { { other, "of production" } } })
        elseif value == nil and its ~= nil and its == field[2] then
          unknown(field[1] .. " of " .. e.address .. " is not known")
        end
      end
    end
    return found
  end,
  tests = {
    fail = {
      [[
resource "aws_db_instance" "prod" {
  identifier          = "orders-prod"
  deletion_protection = true
  tags = { environment = "prod" }
}
resource "aws_db_instance" "fire" {
  identifier = "orders-staging"
  tags = { environment = "staging" }
}]],
      files {
        ["envs/prod/main.tf"] = [[resource "aws_dynamodb_table" "orders" {
  name = "orders"
  point_in_time_recovery { enabled = true }
}]],
        ["envs/staging/main.tf"] = [[resource "aws_dynamodb_table" "orders" { name = "orders" }]],
      },
      yaml [[
apiVersion: v1
kind: Namespace
metadata:
  name: shop-prod
  labels: { environment: prod, pod-security.kubernetes.io/enforce: restricted }
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop-staging
  labels: { environment: staging }
]],
    },
    pass = {
      [[
resource "aws_db_instance" "prod" {
  identifier          = "orders-prod"
  deletion_protection = true
  tags = { environment = "prod" }
}
resource "aws_db_instance" "dont_fire" {
  identifier          = "orders-staging"
  deletion_protection = true
  tags = { environment = "staging" }
}]],
    },
    unknown = { [[
variable "protected" { type = bool }
resource "aws_db_instance" "prod" {
  identifier          = "orders-prod"
  deletion_protection = true
  tags = { environment = "prod" }
}
resource "aws_db_instance" "a" {
  identifier          = "orders-staging"
  deletion_protection = var.protected
  tags = { environment = "staging" }
}]] },
  },
}
