-- Compiles rules/schema/**/*.lua into C tables: lua5.4 compile.lua OUT FILE…
-- The language is described in rules/README.md. Every mistake names the file and the field.

local out_path = arg[1]
local entities, current_file = {}, nil

local function die(...)
  io.stderr:write(current_file or "schema", ": ", string.format(...), "\n")
  os.exit(1)
end

local types = { "any", "bool", "number", "string", "list", "map" }
local type_names = {}
local env = { pairs = pairs, ipairs = ipairs, table = table }
for _, name in ipairs(types) do
  local token = {}
  type_names[token] = name
  env[name] = token
end

local known_keys = { doc = 1, terraform = 1, kubernetes = 1, live = 1, id = 1, tags = 1, satellites = 1, fields = 1, edges = 1,
                     files = 1 }

function env.entity(kind)
  return function(spec)
    for key in pairs(spec) do
      if not known_keys[key] then die("%s: unknown key '%s'", kind, tostring(key)) end
    end
    spec.kind, spec.file = kind, current_file
    entities[#entities + 1] = spec
  end
end

for i = 2, #arg do
  current_file = arg[i]
  local chunk, err = loadfile(arg[i], "t", env)
  if not chunk then io.stderr:write(err, "\n") os.exit(1) end
  chunk()
end
table.sort(entities, function(a, b) return a.kind < b.kind end)

local function quote(s) return '"' .. s:gsub('[%c"\\?]', function(c) return string.format("\\%03o", c:byte()) end) .. '"' end
local function str(s) return (s == nil or s == "") and "{0}" or "AS_STR_INIT(" .. quote(s) .. ")" end

local function as_list(x)
  if x == nil then return {} end
  return type(x) == "table" and x or { x }
end

local function sorted_keys(t)
  local keys = {}
  for key in pairs(t) do keys[#keys + 1] = key end
  table.sort(keys)
  return keys
end

local body, n_tables = {}, 0
local function emit(...) body[#body + 1] = string.format(...) end

-- Emits a static array of initialisers and returns "name, count" ("NULL, 0" when empty).
local function array(ctype, items)
  if #items == 0 then return "NULL, 0" end
  n_tables = n_tables + 1
  local name = "t" .. n_tables
  emit("static const %s %s[] = {\n    %s};", ctype, name, table.concat(items, ",\n    "))
  return name .. ", " .. #items
end

local function strings(list)
  local items = {}
  for _, s in ipairs(list) do items[#items + 1] = str(s) end
  return "{" .. array("as_str", items) .. "}"
end

local function place(entity, text)
  local path, op, literal = text:match("^(.-)%s*([=!]=)%s*(.+)$")
  local compare = "AS_COMPARE_NONE"
  if path then
    compare = op == "==" and "AS_COMPARE_EQ" or "AS_COMPARE_NE"
  else
    path = text:match("^(.-)%s*%?$")
    if path then compare = "AS_COMPARE_PRESENT" else path = text end
  end
  local satellite, rest = path:match("^@([%w_]+)%.?(.*)$")
  if satellite then
    if satellite ~= "extra" and not (entity.satellites or {})[satellite] then die("%s: no satellite '%s'", entity.kind, satellite) end
    path = rest
  end
  if path:find("[^%w_.%-/%[%]:@]") then die("%s: strange path '%s'", entity.kind, text) end
  return string.format("{%s, %s, %s, %s}", str(satellite), str(path), compare, str(literal))
end

local function sources(entity, spec)
  local by_source = {}
  for _, key in ipairs(sorted_keys(spec)) do
    if type(key) == "string" then by_source[#by_source + 1] = { key, as_list(spec[key]) } end
  end
  local items = {}
  for _, pair in ipairs(by_source) do
    local places = {}
    for _, text in ipairs(pair[2]) do places[#places + 1] = place(entity, text) end
    local key = pair[1] == "all" and "" or pair[1]
    items[#items + 1] = string.format("{%s, %s}", str(key), array("as_place", places))
  end
  return array("as_field_source", items)
end

local function default_value(entity, name, value)
  if value == nil then return "NULL" end
  local init
  if type(value) == "boolean" then
    init = ".kind = AS_BOOL, .as.boolean = " .. tostring(value)
  elseif math.type(value) == "integer" then
    init = ".kind = AS_INT, .as.integer = " .. value
  elseif type(value) == "number" then
    init = ".kind = AS_FLOAT, .as.number = " .. value
  elseif type(value) == "string" then
    init = ".kind = AS_STRING, .as.str = " .. str(value)
  elseif type(value) == "table" and #value == 0 then
    init = ".kind = AS_LIST"
  elseif type(value) == "table" then
    local items = {}
    for _, item in ipairs(value) do items[#items + 1] = default_value(entity, name, item) end
    local list = array("as_value *const", items):match("^[^,]+")
    init = string.format(".kind = AS_LIST, .as.list = {%s, %d}", list, #items)
  else
    die("%s: %s: a default is a boolean, number, text or list", entity.kind, name)
  end
  n_tables = n_tables + 1
  emit("static const as_value t%d = {%s, .flags = AS_DEFAULTED};", n_tables, init)
  return "&t" .. n_tables
end

local function field(entity, name, spec)
  local kind = type_names[spec[1]]
  if not kind then die("%s: field '%s' has no type", entity.kind, name) end
  local places = {}
  for key, value in pairs(spec) do
    if type(key) == "string" and key ~= "doc" and key ~= "default" and key ~= "unknown" then places[key] = value end
  end
  if spec[2] then
    local all = {}
    for i = 2, #spec do all[#all + 1] = spec[i] end
    places.all = all
  end
  if next(places) == nil and spec.default == nil then die("%s: field '%s' has no place", entity.kind, name) end
  return string.format("{%s, %s, AS_FIELD_%s, %s, %s, %s}", str(name), str(spec.doc), kind:upper(),
    default_value(entity, name, spec.default), str(spec.unknown), sources(entity, places))
end

local matches = { name = true, reference = true, host = true, labels = true, selector = true }
local targets = {} -- { entity, kind } of every edge, checked at the end

local function edge(entity, spec)
  local places = {}
  for key, value in pairs(spec) do
    if type(key) == "string" and key ~= "reverse" and key ~= "to" and key ~= "match" then places[key] = value end
  end
  if spec[2] then places.all = spec[2] end
  local match = spec.match or "name"
  if not matches[match] then die("%s: an edge does not match by '%s'", entity.kind, match) end
  if match ~= "name" and not spec.to then die("%s: an edge by %s needs 'to'", entity.kind, match) end
  for _, kind in ipairs(as_list(spec.to)) do targets[#targets + 1] = { entity, kind } end
  return string.format("{AS_EDGE_%s, %s, AS_MATCH_%s, %s, %s}", spec[1], tostring(spec.reverse == true), match:upper(),
    strings(as_list(spec.to)), sources(entity, places))
end

local seen_kind, seen_type, type_rows, kinds = {}, {}, {}, {}
for index, entity in ipairs(entities) do
  current_file = entity.file
  if seen_kind[entity.kind] then die("%s is already in %s", entity.kind, seen_kind[entity.kind]) end
  seen_kind[entity.kind] = entity.file
  local all_types = {}
  for _, source in ipairs { "terraform", "kubernetes", "live", "files" } do
    for _, name in ipairs(as_list(entity[source])) do
      if seen_type[name] then die("%s: type %s belongs to %s", entity.kind, name, seen_type[name]) end
      seen_type[name] = entity.kind
      all_types[#all_types + 1] = name
      type_rows[#type_rows + 1] = { name, index - 1 }
    end
  end
  local fields, satellites, edges = {}, {}, {}
  for _, name in ipairs(sorted_keys(entity.fields or {})) do
    fields[#fields + 1] = field(entity, name, entity.fields[name])
  end
  for _, name in ipairs(sorted_keys(entity.satellites or {})) do
    local spec = entity.satellites[name]
    if not spec.by then die("%s: satellite '%s' has no 'by'", entity.kind, name) end
    local list = {}
    for i = 1, #spec do list[i] = spec[i] end
    satellites[#satellites + 1] = string.format("{%s, %s, %s}", str(name), strings(list), str(spec.by))
  end
  for _, spec in ipairs(entity.edges or {}) do edges[#edges + 1] = edge(entity, spec) end
  kinds[#kinds + 1] = string.format("{%s, %s, %s, %s, %s, %s, %s, %s}", str(entity.kind), str(entity.doc), strings(all_types),
    strings(as_list(entity.id)), str(entity.tags), array("as_satellite", satellites), array("as_field", fields),
    array("as_edge_rule", edges))
end
for _, target in ipairs(targets) do
  current_file = target[1].file
  if not seen_kind[target[2]] then die("%s: an edge leads to '%s', which no schema has", target[1].kind, target[2]) end
end
table.sort(type_rows, function(a, b) return a[1] < b[1] end)
local rows = {}
for _, row in ipairs(type_rows) do rows[#rows + 1] = string.format("{%s, %d}", str(row[1]), row[2]) end

local file = assert(io.open(out_path .. ".tmp", "w"))
file:write("/* Compiled from rules/schema; not to be edited. */\n#include \"engine/schema/tables.h\"\n\n",
  table.concat(body, "\n"), "\n\n")
local function table_of(ctype, name, items, first)
  file:write("const ", ctype, " ", name, "[] = {\n    ", table.concat(items, ",\n    "), #items == 0 and "{." .. first .. " = {0}}" or "",
    "};\nconst size_t ", name, "_n = ", #items, ";\n")
end
table_of("as_entity_schema", "as_schema_kinds", kinds, "kind")
table_of("as_schema_type", "as_schema_types", rows, "type")
file:close()
assert(os.rename(out_path .. ".tmp", out_path))
