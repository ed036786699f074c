-- Compiles rules/data/kubernetes_roles.lua and escalation_kubernetes.lua into C tables (engine/rbac/tables.h):
--   lua5.4 compile.lua OUT.c ROLES.lua METHODS.lua

local out_c, roles_file, methods_file = arg[1], arg[2], arg[3]
local data, escalation = {}, {}
assert(loadfile(roles_file, "t", data))()
assert(loadfile(methods_file, "t", escalation))()

local function die(...)
  io.stderr:write(methods_file, ": ", string.format(...), "\n")
  os.exit(1)
end

local function sorted(t)
  local names = {}
  for name in pairs(t) do
    if type(name) == "string" then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

local function str(s) return string.format("AS_STR_INIT(%q)", s or "") end

local out = assert(io.open(out_c .. ".tmp", "w"))
out:write('/* Compiled from rules/data; not to be edited. */\n#include "engine/rbac/tables.h"\n\n')

local n_lists = 0
local function list(text, split)
  local words = {}
  for word in (text or ""):gmatch(split or "%S+") do words[#words + 1] = str(word == "core" and "" or word) end
  if #words == 0 then return "{NULL, 0}" end
  n_lists = n_lists + 1
  out:write("static const as_str list_", n_lists, "[] = {", table.concat(words, ", "), "};\n")
  return string.format("{list_%d, %d}", n_lists, #words)
end

-- roles
local rows = {}
for i, name in ipairs(sorted(data.roles)) do
  local role, rules = data.roles[name], {}
  for _, r in ipairs(role) do
    rules[#rules + 1] = string.format("    {.groups = %s, .resources = %s, .verbs = %s, .names = %s, .urls = %s},\n", list(r[1]), list(r[2]),
      list(r[3] or r.verbs), list(r.names), list(r.urls))
  end
  local labels = list(role.labels and table.concat(role.labels, " "))
  if #rules > 0 then out:write("static const as_rbac_rule rules_", i, "[] = {\n", table.concat(rules), "};\n") end
  rows[i] = string.format("    {%s, %s, %d, %s, %s},\n", str(name), #rules > 0 and "rules_" .. i or "NULL", #rules, labels,
    str(role.aggregates))
end
out:write("\nconst as_rbac_builtin as_rbac_builtins[] = {\n", table.concat(rows), "};\nconst size_t as_rbac_n_builtins = ", #rows, ";\n\n")

rows = {}
for i, b in ipairs(data.bindings) do
  rows[i] = string.format("    {%s, %s, %s},\n", str(b[1]), str(b[2]), str(b[3]))
end
out:write("const as_rbac_builtin_binding as_rbac_builtin_bindings[] = {\n", table.concat(rows),
  "};\nconst size_t as_rbac_n_builtin_bindings = ", #rows, ";\n\n")

rows = {}
local group_of = {}
for _, group in ipairs(sorted(data.groups)) do
  for resource in data.groups[group]:gmatch("%S+") do
    if group_of[resource] then die("%s is in two groups", resource) end
    group_of[resource] = group
  end
end
for i, resource in ipairs(sorted(group_of)) do rows[i] = string.format("    {%s, %s},\n", str(resource), str(group_of[resource])) end
out:write("const as_rbac_resource as_rbac_resources[] = {\n", table.concat(rows), "};\nconst size_t as_rbac_n_resources = ", #rows, ";\n\n")

-- methods
local gives = { admin = "ADMIN", account = "ACCOUNT", running = "RUNNING", node = "NODE", anyone = "ANYONE", user = "USER" }
local known = { [1] = true, gives = true, cluster = true, assumes = true, api = true }
rows = {}
local seen = {}
for i, m in ipairs(escalation.methods) do
  for key in pairs(m) do
    if not known[key] then die("method %d: %q is not known", i, tostring(key)) end
  end
  local needs, id = {}, {}
  for k, need in ipairs(m[1]) do
    local words = {}
    for word in need:gmatch("%S+") do words[#words + 1] = word end
    local resource, group = words[2]:match("^([^.]+)%.?(.*)$")
    local plain, sub = resource:match("^([^/]+)/?(.*)$")
    if group == "" then group = group_of[plain] or die("method %d: the group of %s is not known", i, plain) end
    id[k] = words[1]:match("^[^|]+") .. ":" .. resource
    needs[k] = string.format("    {%s, %s, %s, %s, %s, %s, %s},\n", list(words[1], "[^|]+"), str(group), str(plain), str(sub), str(words[3]),
      str(words[4]), str(id[k]))
  end
  local name = table.concat(id, "+")
  if seen[name .. " " .. m.gives] then die("%s is there twice", name) end
  seen[name .. " " .. m.gives] = true
  out:write("static const as_rbac_need needs_", i, "[] = {\n", table.concat(needs), "};\n")
  rows[i] = string.format("    {%s, needs_%d, %d, AS_RBAC_GIVES_%s, %s, %s, %s},\n", str(name), i, #needs,
    gives[m.gives] or die("%s gives %s", name, tostring(m.gives)), tostring(m.cluster == true), tostring(m.api == true), str(m.assumes))
end
out:write("\nconst as_rbac_method as_rbac_methods[] = {\n", table.concat(rows), "};\nconst size_t as_rbac_n_methods = ", #rows, ";\n")
out:close()
assert(os.rename(out_c .. ".tmp", out_c))
