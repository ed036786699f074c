-- Points in time of live answers (ISO 8601), compared with the time of the answer: there is no clock.

local time = {}

-- Days since 1970-01-01, of the date of "2026-03-04T05:06:07Z"; nil when it is no date.
function time.day(text)
  if text == nil then return nil end
  local year, month, day = string.match(text, "^(%d%d%d%d)-(%d%d)-(%d%d)")
  if year == nil then return nil end
  local y, m, d = tonumber(year), tonumber(month), tonumber(day)
  -- Days from civil: a year that begins in March ends with the leap day.
  if m <= 2 then y, m = y - 1, m + 12 end
  return 365 * y + y // 4 - y // 100 + y // 400 + (153 * (m - 3) + 2) // 5 + d - 719469
end

-- The day on which the entity was asked for; ends the check where nobody wrote it down.
function time.now(e)
  local day = e.extra ~= nil and time.day(e.extra.time) or nil
  if day == nil then unknown("the time of the answer is not known") end
  return day
end

return time
