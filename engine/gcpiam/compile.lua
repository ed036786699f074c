-- Compiles rules/data/escalation_gcp.lua into C tables (engine/gcpiam/tables.h):  lua5.4 compile.lua OUT.c FILE

local out_c, file = arg[1], arg[2]
local env = {}
assert(loadfile(file, "t", env))()

local function die(...)
  io.stderr:write(file, ": ", string.format(...), "\n")
  os.exit(1)
end

local function str(s) return string.format("AS_STR_INIT(%q)", s or "") end

local gives = { account = "ACCOUNT", running = "RUNNING", admin = "ADMIN", default = "DEFAULT", role = "ROLE", cluster = "CLUSTER", pods = "PODS" }
local levels = { project = "PROJECT", folder = "FOLDER", organization = "ORGANIZATION" }
local known = { [1] = true, on = true, gives = true, level = true, assumes = true }

local out = assert(io.open(out_c .. ".tmp", "w"))
out:write('/* Compiled from rules/data/escalation_gcp.lua; not to be edited. */\n#include "engine/gcpiam/tables.h"\n\n')
local rows, seen = {}, {}
for i, m in ipairs(env.methods) do
  for key in pairs(m) do
    if not known[key] then die("method %d: %q is not known", i, tostring(key)) end
  end
  local on, needs = {}, {}
  for _, p in ipairs(m.on or {}) do on[p] = true end
  for k, p in ipairs(m[1]) do
    needs[k] = string.format("    {%s, %s},\n", str(p), tostring(on[p] == true))
    on[p] = nil
  end
  if next(on) then die("method %d: %s is not needed", i, next(on)) end
  local id = table.concat(m[1], "+")
  if seen[id .. m.gives] then die("%s is there twice", id) end
  seen[id .. m.gives] = true
  out:write("static const as_gcp_need needs_", i, "[] = {\n", table.concat(needs), "};\n")
  rows[i] = string.format("    {%s, needs_%d, %d, AS_GCP_GIVES_%s, AS_GCP_%s, %s},\n", str(id), i, #needs,
    gives[m.gives] or die("%s gives %s", id, tostring(m.gives)), levels[m.level or "project"], str(m.assumes))
end
out:write("\nconst as_gcp_method as_gcp_methods[] = {\n", table.concat(rows), "};\nconst size_t as_gcp_n_methods = ", #rows, ";\n\n")

rows = {}
for i, r in ipairs(env.resources) do rows[i] = string.format("    {%s, %s, %s},\n", str(r[1]), str(r[2]), str(r[3])) end
out:write("const as_gcp_type as_gcp_types[] = {\n", table.concat(rows), "};\nconst size_t as_gcp_n_types = ", #rows, ";\n\n")

rows = {}
for i, w in ipairs(env.workloads) do rows[i] = string.format("    {%s, %s},\n", str(w[1]), str(w[2])) end
out:write("const as_gcp_workload as_gcp_workloads[] = {\n", table.concat(rows), "};\nconst size_t as_gcp_n_workloads = ", #rows, ";\n")
out:close()
assert(os.rename(out_c .. ".tmp", out_c))
