-- Puts compressed tables into the program (engine/iam/data.h):  lua5.4 embed.lua OUT.c FILE.tsv.gz…

local out = assert(io.open(arg[1] .. ".tmp", "w"))
out:write('/* Made by engine/iam/embed.lua; not to be edited. */\n#include "engine/iam/data.h"\n\n')
local rows = {}
for i = 2, #arg do
  local name = arg[i]:match("([^/]+)%.tsv%.gz$")
  local file = assert(io.open(arg[i], "rb"))
  local size = file:seek("end")
  file:close()
  out:write('__asm__(".section .rodata\\n.balign 16\\n.globl as_iam_data_', name, '\\nas_iam_data_', name, ':\\n.incbin \\"', arg[i],
    '\\"\\n.byte 0\\n.previous\\n");\nextern const unsigned char as_iam_data_', name, "[];\n")
  rows[#rows + 1] = string.format("    {%q, as_iam_data_%s, %d},\n", name, name, size)
end
out:write("\nconst as_iam_blob as_iam_blobs[] = {\n", table.concat(rows), "};\nconst size_t as_iam_n_blobs = ", #rows, ";\n")
out:close()
assert(os.rename(arg[1] .. ".tmp", arg[1]))
