-- Builds files into the program as they are:
--   lua5.4 embed_files.lua OUT.c NAME FILE…
-- OUT.c holds the table as_NAME_files, one row a file: its path and its text.

local out_path, name = arg[1], arg[2]
local files = table.move(arg, 3, #arg, 1, {})
table.sort(files)

local out = assert(io.open(out_path .. ".tmp", "w"))
out:write("/* Made from files; not to be edited. */\n#include \"engine/rules/embedded.h\"\n\n")
local rows = {}
for i, path in ipairs(files) do
  local file = assert(io.open(path, "rb"))
  local size = file:seek("end")
  file:close()
  local symbol = string.format("as_%s_text_%d", name, i)
  out:write('__asm__(".section .rodata\\n.globl ', symbol, '\\n"\n', '        "', symbol, ':\\n.incbin \\"', path,
    '\\"\\n.byte 0\\n.previous\\n");\nextern const char ', symbol, '[];\n')
  rows[i] = string.format("    {AS_STR_INIT(%q), {%s, %d}},\n", path, symbol, size)
end
out:write("\nconst as_embedded_file as_", name, "_files[] = {\n", table.concat(rows), "    {{0}, {0}},\n};\n",
  "const size_t as_", name, "_files_n = ", #files, ";\n")
out:close()
assert(os.rename(out_path .. ".tmp", out_path))
