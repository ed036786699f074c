-- Compiles rules/data/check_names.tsv into a C table sorted by name (engine/rules/check_names.h):  lua5.4 check_names.lua OUT.c FILE

local out_c, file = arg[1], arg[2]
local rows, seen = {}, {}
for line in io.lines(file) do
  if line:sub(1, 1) ~= "#" then
    local name, id = line:match("^(%S+)\t(AVD%-%u+%-%d+)$")
    if not name or seen[name] then
      io.stderr:write(file, ": no line of a name and an id, or a name twice: ", line, "\n")
      os.exit(1)
    end
    seen[name] = true
    rows[#rows + 1] = { name, id }
  end
end
table.sort(rows, function(a, b) return a[1] < b[1] end)
local out = assert(io.open(out_c .. ".tmp", "w"))
out:write("/* Compiled from ", file, "; not to be edited. */\n#include \"engine/rules/check_names.h\"\n\nconst as_check_name as_check_names[] = {\n")
for _, row in ipairs(rows) do
  out:write(string.format("    {AS_STR_INIT(%q), AS_STR_INIT(%q)},\n", row[1], row[2]))
end
out:write("};\nconst size_t as_check_names_n = ", #rows, ";\n")
out:close()
assert(os.rename(out_c .. ".tmp", out_c))
