-- How far apart the runs of a schedule are: cron in five fields (Unix, Kubernetes) or six (AWS: cron(…)), rate(…), @daily.

local cron = {}

local macros = { ["@hourly"] = 1, ["@daily"] = 24, ["@midnight"] = 24, ["@weekly"] = 168, ["@monthly"] = 744, ["@yearly"] = 8784,
  ["@annually"] = 8784 }
local units = { minute = 1 / 60, hour = 1, day = 24 }
local names = { SUN = 0, MON = 1, TUE = 2, WED = 3, THU = 4, FRI = 5, SAT = 6, JAN = 1, FEB = 2, MAR = 3, APR = 4, MAY = 5, JUN = 6,
  JUL = 7, AUG = 8, SEP = 9, OCT = 10, NOV = 11, DEC = 12 }

local function number(text) return names[upper(text)] or math.tointeger(tonumber(text)) end

-- The values of a field in order, or nil when it is not understood ("L", "3#1").
local function values(field, first, last)
  local set, found = {}, {}
  for _, part in ipairs(split(field, ",")) do
    local range, step = string.match(part, "^([^/]+)/(%d+)$")
    range, step = range or part, tonumber(step or 1)
    local from, to = first, last
    if range ~= "*" and range ~= "?" then
      local a, b = string.match(range, "^([^-]+)-([^-]+)$")
      from = number(a or range)
      to = b and number(b) or step > 1 and last or from
    end
    if from == nil or to == nil or step < 1 or from < 0 or to > last then return nil end
    for value = from, to, step do set[value] = true end
  end
  for value = math.min(first, 0), last do
    if set[value] then found[#found + 1] = value end
  end
  return found
end

-- The longest way from one value to the next one, over the end.
local function gap(found, size)
  local longest = found[1] + size - found[#found]
  for i = 2, #found do longest = math.max(longest, found[i] - found[i - 1]) end
  return longest
end

local function within_day(minutes, hours)
  local times = {}
  for _, hour in ipairs(hours) do
    for _, minute in ipairs(minutes) do times[#times + 1] = hour * 60 + minute end
  end
  return times
end

local function of_fields(fields)
  local minutes, hours = values(fields[1], 0, 59), values(fields[2], 0, 23)
  if minutes == nil or hours == nil then return nil end
  local every = function(field) return field == "*" or field == "?" end
  local times = within_day(minutes, hours)
  if every(fields[3]) and every(fields[5]) and every(fields[4]) then return gap(times, 1440) / 60 end
  local days
  if not every(fields[4]) then
    local months = values(fields[4], 1, 12)
    if months == nil then return nil end
    days = gap(months, 12) * 31
  elseif not every(fields[5]) then
    local weekdays = values(fields[5], 0, 7)
    days = weekdays and gap(weekdays, 7) or 31
  else
    local dates = values(fields[3], 1, 31)
    days = dates and gap(dates, 31) or 31
  end
  -- Between the last run of one day and the first of the next day that has some.
  return math.max(gap(times, 1440) / 60, days * 24 - (times[#times] - times[1]) / 60)
end

-- The longest time between two runs in hours; nil when the text is no schedule that is understood.
function cron.hours(text)
  text = trim(text)
  if macros[text] then return macros[text] end
  local n, unit = string.match(text, "^rate%((%d+) (%a-)s?%)$")
  if n then return units[unit] and tonumber(n) * units[unit] end
  text = string.match(text, "^cron%((.*)%)$") or text
  local fields = {}
  for _, field in ipairs(split(string.gsub(text, "%s+", " "), " ")) do fields[#fields + 1] = field end
  if #fields < 5 or #fields > 6 then return nil end
  return of_fields(fields)
end

return cron
