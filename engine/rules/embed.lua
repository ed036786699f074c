-- Compiles rules/**/*.lua into the pack that is built into the program:
--   lua5.4 embed.lua OUT.c OUT.bin FILE…
-- OUT.bin holds bytecode, one chunk after another; OUT.c the index: for each rule its id and the
-- kinds that it judges, so that a scan loads only what can apply.

local out_c, out_bin = arg[1], arg[2]

local function die(file, ...)
  io.stderr:write(file, ": ", string.format(...), "\n")
  os.exit(1)
end

-- Running a rule file must give its metadata; whatever else it calls at the top level is of no interest here.
local function stub() return setmetatable({}, { __index = function() return stub() end, __call = function() return stub() end }) end

local function metadata(file)
  local env = { pairs = pairs, ipairs = ipairs, table = table, string = string, type = type, tostring = tostring, math = math }
  function env.rule(t) return t end
  setmetatable(env, { __index = function() return stub() end })
  local chunk, err = loadfile(file, "t", env)
  if not chunk then io.stderr:write(err, "\n") os.exit(1) end
  local meta = chunk()
  if type(meta) ~= "table" or type(meta.id) ~= "string" then die(file, "does not return rule { … }") end
  return meta
end

local chunks, libs, seen = {}, {}, {}
for i = 3, #arg do
  local file = arg[i]
  local chunk, err = loadfile(file, "t")
  if not chunk then io.stderr:write(err, "\n") os.exit(1) end
  local entry = { file = file, code = string.dump(chunk) }
  local lib = file:match("rules/lib/(.+)%.lua$")
  if lib then
    entry.id, entry.kinds = lib, {}
    libs[#libs + 1] = entry
  else
    local meta = metadata(file)
    if seen[meta.id] then die(file, "%s is already in %s", meta.id, seen[meta.id]) end
    seen[meta.id] = file
    entry.id = meta.id
    entry.kinds = type(meta.for_each) == "table" and meta.for_each or { meta.for_each }
    chunks[#chunks + 1] = entry
  end
end

local function by_id(a, b) return a.id < b.id end
table.sort(chunks, by_id)
table.sort(libs, by_id)

local bin, offset = assert(io.open(out_bin .. ".tmp", "wb")), 0
local out = assert(io.open(out_c .. ".tmp", "w"))
out:write('/* Compiled from rules; not to be edited. */\n#include "engine/rules/pack.h"\n\n',
  '__asm__(".section .rodata\\n.balign 16\\n.globl as_pack_bytes\\n"\n',
  '        "as_pack_bytes:\\n.incbin \\"', out_bin, '\\"\\n.byte 0\\n.previous\\n");\n\n')

local function write_table(name, list)
  local rows = {}
  for i, entry in ipairs(list) do
    local kinds = {}
    for _, kind in ipairs(entry.kinds) do kinds[#kinds + 1] = string.format("AS_STR_INIT(%q)", kind) end
    if #kinds > 0 then
      out:write(string.format("static const as_str %s_%d[] = {%s};\n", name, i, table.concat(kinds, ", ")))
    end
    rows[#rows + 1] = string.format("    {AS_STR_INIT(%q), AS_STR_INIT(%q), %d, %d, {%s, %d}}", entry.id, entry.file, offset,
      #entry.code, #kinds > 0 and name .. "_" .. i or "NULL", #kinds)
    bin:write(entry.code)
    offset = offset + #entry.code
  end
  if #rows == 0 then rows[1] = "    {.id = {0}}" end
  out:write("const as_pack_entry ", name, "[] = {\n", table.concat(rows, ",\n"), "};\nconst size_t ", name, "_n = ", #list, ";\n")
end

write_table("as_pack_rules", chunks)
write_table("as_pack_libs", libs)
bin:close()
out:close()
assert(os.rename(out_bin .. ".tmp", out_bin))
assert(os.rename(out_c .. ".tmp", out_c))
