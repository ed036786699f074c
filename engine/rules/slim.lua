-- What embed.lua must know of Lua's syntax.
--
-- slim(text): a rule's text without what only people and tools read (title, description, examples …): a scan has
-- the metadata from the index and loads the functions alone. Lines stay where they are.

local DROPPED = {
  id = true, title = true, severity = true, category = true, aliases = true, frameworks = true, for_each = true, fix = true,
  tests = true, description = true, remediation = true, references = true, deprecated = true, version = true, parameters = true,
}
local OPENERS = { ["("] = true, ["{"] = true, ["["] = true, ["function"] = true, ["if"] = true, ["do"] = true, ["repeat"] = true }
local CLOSERS = { [")"] = true, ["}"] = true, ["]"] = true, ["end"] = true, ["until"] = true }

-- Where the token at `at` ends (exclusive) and what it is: a word, one character, or "" for white space, comments, texts
-- and numbers (Lua 5.4 manual, 3.1).
local function token(text, at)
  local stop = text:match("^%s+()", at)
  if stop then return stop, "" end
  local long = text:match("^%-%-%[(=*)%[", at) or text:match("^%[(=*)%[", at)
  if long then
    local _, last = text:find("]" .. long .. "]", at, true)
    return last and last + 1, ""
  end
  stop = text:match("^%-%-[^\n]*()", at)
  if stop then return stop, "" end
  local quote = text:match("^[\"']", at)
  if quote then
    local i = at + 1
    while text:sub(i, i) ~= quote do
      if i > #text then return nil end
      i = i + (text:sub(i, i) == "\\" and 2 or 1)
    end
    return i + 1, ""
  end
  local word, after = text:match("^([%a_][%w_]*)()", at)
  if word then return after, word end
  stop = text:match("^%d[%w.]*()", at)
  if stop then return stop, "" end
  return at + 1, text:sub(at, at)
end

local function blank(text) return (text:gsub("[^\n]", "")) end

-- The text without those fields, or nil when it has not the form `return rule { … }`.
local function slim(text)
  local head = text:match("^return%s+rule%s*{()") or text:match("\nreturn%s+rule%s*{()")
  if not head then return nil end
  local out, at, depth = { text:sub(1, head - 1) }, head, 1
  local start, name, previous = head, nil, nil -- of the field under way
  while depth > 0 do
    local stop, what = token(text, at)
    if not stop or at > #text then return nil end
    if OPENERS[what] then depth = depth + 1 elseif CLOSERS[what] then depth = depth - 1 end
    if depth == 1 and what == "=" and not name then name = previous end
    local ends = depth == 0 or (depth == 1 and (what == "," or what == ";"))
    if ends then
      local field = text:sub(start, stop - 1)
      if name and DROPPED[name] then field = blank(field) .. (depth == 0 and "}" or "") end
      out[#out + 1] = field
      start, name, previous = stop, nil, nil
    elseif what ~= "" then
      previous = what
    end
    at = stop
  end
  out[#out + 1] = text:sub(at)
  return table.concat(out)
end

-- Whether there is a loop that need not call a function to go on: while, repeat, goto, or a numeric for, unless it goes
-- through a list that is there already (`for i = 1, #list`).
local function has_bare_loop(text)
  local at, before_last, last = 1, "", ""
  while at <= #text do
    local stop, what = token(text, at)
    if not stop or what == "while" or what == "repeat" or what == "goto" then return true end
    if what == "=" and before_last == "for" and not text:find("^%s*%d+%s*,%s*#", stop) then return true end
    if what ~= "" then before_last, last = last, what end
    at = stop
  end
  return false
end

return { slim = slim, has_bare_loop = has_bare_loop }
