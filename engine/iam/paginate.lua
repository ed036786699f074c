-- Puts a table whose lines are sorted by their first field into the program as pages, each compressed by itself, so
-- that one line costs one page:  lua5.4 paginate.lua IN.tsv OUT.gz OUT.c

local LINES = 24

local source, packed, out = arg[1], arg[2], arg[3]
local lines = {}
for line in io.lines(source) do
  if not line:find("^#") then lines[#lines + 1] = line end
end
table.sort(lines)

local function gzip(text)
  local name = packed .. ".page"
  local pipe = assert(io.popen("gzip -9n >'" .. name .. "'", "w"))
  pipe:write(text)
  assert(pipe:close())
  local file = assert(io.open(name, "rb"))
  local bytes = file:read("a")
  file:close()
  os.remove(name)
  return bytes
end

local pages, rows, offset = assert(io.open(packed .. ".tmp", "wb")), {}, 0
for first = 1, #lines, LINES do
  local bytes = gzip(table.concat(lines, "\n", first, math.min(first + LINES - 1, #lines)) .. "\n")
  rows[#rows + 1] = string.format("    {AS_STR_INIT(%q), as_iam_policy_bytes + %d, %d},\n", lines[first]:match("^[^\t]*"), offset, #bytes)
  pages:write(bytes)
  offset = offset + #bytes
end
pages:close()
assert(os.rename(packed .. ".tmp", packed))

local c = assert(io.open(out .. ".tmp", "w"))
c:write('/* Made by engine/iam/paginate.lua; not to be edited. */\n#include "engine/iam/data.h"\n\n',
  '__asm__(".section .rodata\\n.globl as_iam_policy_bytes\\nas_iam_policy_bytes:\\n.incbin \\"', packed,
  '\\"\\n.byte 0\\n.previous\\n");\nextern const unsigned char as_iam_policy_bytes[];\n\n',
  "const as_iam_page as_iam_policy_pages[] = {\n", table.concat(rows), "};\nconst size_t as_iam_n_policy_pages = ", #rows, ";\n")
c:close()
assert(os.rename(out .. ".tmp", out))
