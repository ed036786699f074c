-- Compiles rules/**/*.lua into the pack that is built into the program:
--   lua5.4 embed.lua OUT.c OUT.bin FILE…
-- OUT.bin holds bytecode and metadata, one piece after another; OUT.c the index: for each rule its id, the kinds that it
-- judges, and where its pieces lie. A scan reads the metadata and loads the functions of those rules that can apply, and
-- touches nothing of the others.

local out_c, out_bin = arg[1], arg[2]
local syntax = dofile((arg[0]:gsub("[^/]*$", "slim.lua")))

local function die(file, ...)
  io.stderr:write(file, ": ", string.format(...), "\n")
  os.exit(1)
end

local function read(file)
  local handle = assert(io.open(file, "rb"))
  local text = handle:read("a")
  handle:close()
  return text
end

local function compile(file, text, env)
  local chunk, err = load(text, "@" .. file, "t", env)
  if not chunk then io.stderr:write(err, "\n") os.exit(1) end
  return chunk
end

-- Running a rule file must give its metadata; what its functions call is of no interest here.
local function stub() return setmetatable({}, { __index = function() return stub() end, __call = function() return stub() end }) end

local lib_files, loaded = {}, {}
for i = 3, #arg do
  local name = arg[i]:match("rules/lib/(.+)%.lua$")
  if name then lib_files[name] = arg[i] end
end

local env = { pairs = pairs, ipairs = ipairs, table = table, string = string, type = type, tostring = tostring, math = math }
function env.rule(t) return t end
function env.set(field, value, case) return { field = field, value = value, case = case } end
function env.lib(name)
  if loaded[name] == nil then
    local file = lib_files[name] or die("rules/lib", "there is no %s.lua", name)
    loaded[name] = compile(file, read(file), env)()
  end
  return loaded[name]
end
for _, language in ipairs { "terraform", "yaml", "plan", "live", "file" } do
  env[language] = function(text) return { language = language, text = text } end
end
setmetatable(env, { __index = function() return stub() end })

local KNOWN = {
  id = true, title = true, severity = true, category = true, aliases = true, frameworks = true, for_each = true, where = true,
  check = true, fix = true, tests = true, description = true, remediation = true, references = true, deprecated = true,
  version = true, parameters = true, changes = true, classes = true, yields_to = true,
}
local CLASSES = { public = true, internal = true, confidential = true, regulated = true }
local SEVERITIES = { info = true, low = true, medium = true, high = true, critical = true }

local function as_text(file, meta, key, optional)
  local value = meta[key]
  if value == nil and optional then return "" end
  if type(value) ~= "string" then die(file, "%s of a rule must be a text", key) end
  return value
end

local function as_list(file, meta, key)
  local value = meta[key]
  if type(value) == "string" then return { value } end
  for _, item in ipairs(value or {}) do
    if type(item) ~= "string" then die(file, "%s of a rule holds something that is no text", key) end
  end
  return value or {}
end

-- Pairs of id and case, sorted by id: { "CKV_AWS_16", CKV_AWS_150 = "deletion" }.
local function aliases(meta)
  local found = {}
  for key, value in pairs(meta.aliases or {}) do
    if type(key) == "number" then
      found[#found + 1] = { value, "" }
    else
      for _, case in ipairs(type(value) == "table" and value or { value }) do found[#found + 1] = { key, case } end
    end
  end
  table.sort(found, function(a, b) return a[1] < b[1] or (a[1] == b[1] and a[2] < b[2]) end)
  return found
end

local function fixes(meta)
  if meta.fix == nil then return {} end
  return #meta.fix == 0 and { meta.fix } or meta.fix
end

-- Texts, numbers, booleans and lists of them.
local function to_json(file, value)
  if type(value) == "boolean" or math.type(value) == "integer" then return tostring(value) end
  if type(value) == "string" then
    return '"' .. value:gsub('[%c"\\]', function(c) return string.format("\\u%04x", c:byte()) end) .. '"'
  end
  if type(value) ~= "table" then die(file, "a fix sets a text, an integer, a boolean or a list of them") end
  local items = {}
  for i, item in ipairs(value) do items[i] = to_json(file, item) end
  return "[" .. table.concat(items, ", ") .. "]"
end

-- The record that pack.c reads: numbers of four bytes, texts with their length before them.
local function record(file, meta)
  for key in pairs(meta) do
    if not KNOWN[key] then die(file, "a rule has no key '%s'", tostring(key)) end
  end
  if not SEVERITIES[meta.severity] then die(file, "there is no severity '%s'", tostring(meta.severity)) end
  if type(meta.check) ~= "function" then die(file, "the rule has no check function") end
  local out = {}
  local function number(n) out[#out + 1] = string.pack("<I4", n) end
  local function text(s) out[#out + 1] = string.pack("<s4", s) .. "\0" end
  local function list(items) number(#items) for _, item in ipairs(items) do text(item) end end
  text(as_text(file, meta, "title"))
  text(meta.severity)
  text(as_text(file, meta, "category"))
  text(as_text(file, meta, "description", true))
  text(as_text(file, meta, "remediation", true))
  list(as_list(file, meta, "references"))
  list(as_list(file, meta, "frameworks"))
  local names = aliases(meta)
  number(#names)
  for _, alias in ipairs(names) do text(alias[1]) text(alias[2]) end
  local set = fixes(meta)
  number(#set)
  for _, fix in ipairs(set) do
    if type(fix.field) ~= "string" then die(file, "fix of a rule is set(field, value) or a list of them") end
    local json = to_json(file, fix.value)
    local value = type(fix.value) == "string" and fix.value or json
    text(fix.field) text(value) text(json) text("set " .. fix.field:gsub("^within%.", ""):gsub("^raw%.", ""):gsub("^@", "") .. " to " .. value) text(fix.case or "")
  end
  number(debug.getinfo(meta.check, "S").linedefined)
  number(meta.deprecated and 1 or 0)
  number(math.type(meta.version) == "integer" and meta.version or 1)
  list(as_list(file, meta, "changes"))
  list(as_list(file, meta, "yields_to"))
  local names_of_classes = {}
  for name in pairs(meta.classes or {}) do names_of_classes[#names_of_classes + 1] = name end
  table.sort(names_of_classes)
  number(#names_of_classes)
  for _, name in ipairs(names_of_classes) do
    if not CLASSES[name] then die(file, "there is no classification '%s'", tostring(name)) end
    local severity = meta.classes[name]
    if severity ~= "none" and not SEVERITIES[severity] then die(file, "there is no severity '%s'", tostring(severity)) end
    text(name) text(severity)
  end
  return table.concat(out)
end

-- The functions alone, stripped of what only a debugger needs.
local function functions(file, text, meta)
  local chunk = compile(file, syntax.slim(text) or text, env)
  local short = chunk()
  if type(short) ~= "table" or type(short.check) ~= "function" or type(short.where) ~= type(meta.where) then
    die(file, "this form of rule is not understood")
  end
  return string.dump(chunk, true)
end

-- Whether its instructions must be counted from the start of each check, for itself or a helper module that it uses:
-- elsewhere a check that goes on and on calls functions, and those see to it.
local watched_files = {}
local function is_watched(file, text)
  if watched_files[file] == nil then
    watched_files[file] = syntax.has_bare_loop(text)
    for name in text:gmatch("lib%s*%(?%s*[\"']([%w_]+)") do
      local lib = lib_files[name]
      if lib and is_watched(lib, read(lib)) then watched_files[file] = true end
    end
  end
  return watched_files[file]
end

local chunks, libs, seen = {}, {}, {}
for i = 3, #arg do
  local file = arg[i]
  local text = read(file)
  local chunk = compile(file, text, env)
  local entry = { file = file, watched = is_watched(file, text) }
  local lib = file:match("rules/lib/(.+)%.lua$")
  if lib then
    entry.id, entry.kinds, entry.code, entry.meta, entry.whole = lib, {}, string.dump(chunk, true), "", ""
    libs[#libs + 1] = entry
  else
    local meta = chunk()
    if type(meta) ~= "table" or type(meta.id) ~= "string" then die(file, "does not return rule { … }") end
    if seen[meta.id] then die(file, "%s is already in %s", meta.id, seen[meta.id]) end
    seen[meta.id] = file
    entry.id, entry.kinds = meta.id, as_list(file, meta, "for_each")
    if #entry.kinds == 0 then die(file, "for_each names no kind") end
    entry.code, entry.meta, entry.whole = functions(file, text, meta), record(file, meta), string.dump(chunk)
    chunks[#chunks + 1] = entry
  end
end

-- The names of parameters that rules and helper modules ask for by a literal.
local parameters, asked = {}, {}
for i = 3, #arg do
  for name in read(arg[i]):gmatch('param%s*%(%s*"([%w_.-]+)"') do
    if not asked[name] then
      asked[name] = true
      parameters[#parameters + 1] = name
    end
  end
end
table.sort(parameters)

local function by_id(a, b) return a.id < b.id end
table.sort(chunks, by_id)
table.sort(libs, by_id)

local bin, offset = assert(io.open(out_bin .. ".tmp", "wb")), 0
local out = assert(io.open(out_c .. ".tmp", "w"))
out:write('/* Compiled from rules; not to be edited. */\n#include "engine/rules/pack.h"\n\n',
  '__asm__(".section .rodata\\n.balign 16\\n.globl as_pack_bytes\\n"\n',
  '        "as_pack_bytes:\\n.incbin \\"', out_bin, '\\"\\n.byte 0\\n.previous\\n");\n\n')

-- Pieces of one sort lie together: a scan reads neighbouring pages.
local function write_pieces(list, part)
  for _, entry in ipairs(list) do
    local piece = entry[part]
    entry[part] = string.format("{%d, %d}", offset, #piece)
    bin:write(piece)
    offset = offset + #piece
  end
end

local function write_table(name, list)
  local rows = {}
  for i, entry in ipairs(list) do
    local kinds = {}
    for _, kind in ipairs(entry.kinds) do kinds[#kinds + 1] = string.format("AS_STR_INIT(%q)", kind) end
    if #kinds > 0 then
      out:write(string.format("static const as_str %s_%d[] = {%s};\n", name, i, table.concat(kinds, ", ")))
    end
    rows[#rows + 1] = string.format("    {AS_STR_INIT(%q), AS_STR_INIT(%q), {%s, %d}, %s, %s, %s, %s}", entry.id, entry.file,
      #kinds > 0 and name .. "_" .. i or "NULL", #kinds, entry.code, entry.meta, entry.whole, tostring(entry.watched))
  end
  if #rows == 0 then rows[1] = "    {.id = {0}}" end
  out:write("const as_pack_entry ", name, "[] = {\n", table.concat(rows, ",\n"), "};\nconst size_t ", name, "_n = ", #list, ";\n")
end

for _, part in ipairs { "code", "meta", "whole" } do
  write_pieces(chunks, part)
  write_pieces(libs, part)
end
write_table("as_pack_rules", chunks)
write_table("as_pack_libs", libs)
out:write("const as_str as_pack_parameters[] = {\n")
for _, name in ipairs(parameters) do out:write(string.format("    AS_STR_INIT(%q),\n", name)) end
out:write("    {NULL, 0},\n};\nconst size_t as_pack_parameters_n = ", #parameters, ";\n")
bin:close()
out:close()
assert(os.rename(out_bin .. ".tmp", out_bin))
assert(os.rename(out_c .. ".tmp", out_c))
