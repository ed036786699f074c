-- Compiles rules/data/escalation.lua into C tables (engine/iam/methods.h):  lua5.4 compile_methods.lua OUT.c FILE

local out_c, file = arg[1], arg[2]
local env = {}
assert(loadfile(file, "t", env))()

local function die(...)
  io.stderr:write(file, ": ", string.format(...), "\n")
  os.exit(1)
end

local function sorted(t)
  local names = {}
  for name in pairs(t) do names[#names + 1] = name end
  table.sort(names)
  return names
end

local function str(s) return string.format("AS_STR_INIT(%q)", s or "") end

local function one_of(what, value, allowed)
  if not allowed[value] then die("%s cannot be %q", what, tostring(value)) end
  return allowed[value]
end

local targets = { none = "NONE", user = "USER", role = "ROLE", group = "GROUP", policy = "POLICY", passed = "PASSED",
  workload = "WORKLOAD", boundary = "BOUNDARY" }
local known = { [1] = true, on = true, target = true, gives = true, assumes = true, keys = true, service = true, workload = true,
  login = true, trust = true, kind = true, versions = true }

local out = assert(io.open(out_c .. ".tmp", "w"))
out:write('/* Compiled from rules/data/escalation.lua; not to be edited. */\n#include "engine/iam/methods.h"\n\n')

local workloads, index = sorted(env.workloads), {}
for i, name in ipairs(workloads) do
  index[name] = i - 1
  local types = {}
  for _, type in ipairs(env.workloads[name].types) do types[#types + 1] = str(type) end
  out:write("static const as_str types_", i, "[] = {", table.concat(types, ", "), "};\n")
end
out:write("const as_iam_workload as_iam_workloads[] = {\n")
for i, name in ipairs(workloads) do
  local w = env.workloads[name]
  out:write(string.format("    {%s, {types_%d, %d}, %s, %s},\n", str(name), i, #w.types, str(w.arn), str(w.role)))
end
out:write("};\nconst size_t as_iam_n_workloads = ", #workloads, ";\n\n")

local rows, seen = {}, {}
for i, m in ipairs(env.methods) do
  for key in pairs(m) do
    if not known[key] then die("method %d: %q is not known", i, tostring(key)) end
  end
  local actions, needs = m[1], {}
  if m.target == "passed" then needs[1] = string.format('    {%s, AS_IAM_PLACE_TARGET, {0}},\n', str("iam:PassRole")) end
  for k, action in ipairs(actions) do
    local on = m.on and m.on[k] or (m.target == "none" and "any" or "target")
    local place = on == "target" and "TARGET" or on == "any" and "ANY" or "TEMPLATE"
    if m.target == "passed" and place == "TARGET" then die("method %d: %s needs a place", i, action) end
    needs[#needs + 1] = string.format("    {%s, AS_IAM_PLACE_%s, %s},\n", str(action), place,
      place == "TEMPLATE" and str(on) or "{0}")
  end
  local id = (m.target == "passed" and "iam:PassRole+" or "") .. table.concat(actions, "+")
  local unique = id .. m.target
  if seen[unique] then die("%s is there twice", id) end
  seen[unique] = true
  if m.workload and not index[m.workload] then die("%s: workload %q is not known", id, m.workload) end
  local key = m.keys and sorted(m.keys)[1] or ""
  out:write("static const as_iam_need needs_", i, "[] = {\n", table.concat(needs), "};\n")
  rows[i] = string.format(
    "    {.id = %s, .target = AS_IAM_TARGET_%s, .boost = %s, .trust = %s, .of_role = %s, .versions = %s,\n        .login = AS_IAM_LOGIN_%s, " ..
      ".service = %s, .workload = %d,\n        .assumes = %s,\n        .key = %s, .key_value = %s, .needs = needs_%d, .n_needs = %d},\n",
    str(id), one_of("target", m.target, targets), tostring(m.gives == "boost"), tostring(m.trust == true),
    tostring(m.kind == "role"), tostring(m.versions == true), one_of("login", m.login or "either", { either = "EITHER", absent = "ABSENT", present = "PRESENT" }),
    str(m.service), m.workload and index[m.workload] or -1, str(m.assumes), str(key), str(m.keys and m.keys[key]), i, #needs)
end
out:write("\nconst as_iam_method as_iam_methods[] = {\n", table.concat(rows), "};\nconst size_t as_iam_n_methods = ", #rows, ";\n")
out:close()
assert(os.rename(out_c .. ".tmp", out_c))
