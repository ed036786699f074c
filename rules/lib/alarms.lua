-- Alarms on what a trail records: metric filters on its log group, and the alarms on their metrics.
--
-- An event to watch is { case, label, together = { words } } (all words in one filter pattern), or
-- { case, label, each = { words } } (every word in some filter pattern).

local region = lib "region"
local values = lib "values"
local alarms = {}

-- Trails that record all regions into a log group: there metric filters can be set.
function alarms.is_judged(trail)
  if param("siem", false) then return false end
  if known(trail.logging) and not trail.logging then return false end
  if known(trail.multi_region) and not trail.multi_region then return false end
  if trail.origin == "live" then return trail.log_group ~= nil end
  return values.set(trail, trail.raw, "cloud_watch_logs_group_arn")
end

local function group_value(e)
  if e.origin == "live" then return e.raw.CloudWatchLogsLogGroupArn end
  return e.raw.cloud_watch_logs_group_arn
end

local function groups_of(trail)
  local found = {}
  if trail.origin == "live" then return found end
  for _, group in ipairs(trail:targets(trail.raw.cloud_watch_logs_group_arn)) do
    if group.kind == "aws.cloudwatch.log_group" then found[#found + 1] = group.address end
  end
  return found
end

-- Whether the filter reads the trail's log group: true, false, or nil where it cannot be told.
local function reads(filter, trail, groups)
  if filter.origin ~= "live" then
    local told = false
    for _, group in ipairs(filter:targets(filter.raw.log_group_name)) do
      told = true
      if has(groups, group.address) then return true end
    end
    if told then return false end
  end
  if not known(filter.group) or not known(group_value(trail)) then return nil end
  return match(group_value(trail), ":log-group:([^:]+)") == filter.group
end

local function alarmed(filter)
  local open = false
  for _, alarm in ipairs(graph.all("aws.cloudwatch.alarm")) do
    if alarm.origin ~= "live" then
      for _, other in ipairs(alarm:targets(alarm.raw.metric_name)) do
        if other.address == filter.address then return true end
      end
    end
    if not known(alarm.metric) or not known(filter.metric) then
      open = true
    elseif alarm.metric == filter.metric then
      return true
    end
  end
  if open then return nil end
  return false
end

-- What watches the trail: patterns of filters with an alarm, as a list, and whether there may be more.
local function watched(trail)
  local groups, found, open = groups_of(trail), {}, false
  for _, filter in ipairs(graph.all("aws.cloudwatch.metric_filter")) do
    local same = reads(filter, trail, groups)
    if same ~= false then
      local rings = alarmed(filter)
      if same == nil or rings == nil or not known(filter.pattern) then
        open = true
      elseif rings then
        found[#found + 1] = filter.pattern or ""
      end
    end
  end
  return found, open
end

local function has_word(pattern, word)
  return match(pattern, "(?<![A-Za-z])" .. word .. "(?![A-Za-z])") ~= nil
end

local function missing(event, patterns)
  if event.together then
    for _, pattern in ipairs(patterns) do
      local all = true
      for _, word in ipairs(event.together) do all = all and has_word(pattern, word) end
      if all then return nil end
    end
    return event.label
  end
  local lacking = {}
  for _, word in ipairs(event.each) do
    local seen = false
    for _, pattern in ipairs(patterns) do seen = seen or has_word(pattern, word) end
    if not seen then lacking[#lacking + 1] = word end
  end
  if #lacking == 0 then return nil end
  if #lacking == #event.each then return event.label end
  return event.label .. " (" .. table.concat(lacking, ", ") .. ")"
end

-- Whether the account that holds the log group of a live trail was asked. Ends the check where its region did not
-- answer for filters or alarms.
local function collected(trail)
  for _, group in ipairs(graph.all("aws.cloudwatch.log_group")) do
    if group.origin == "live" and match(group_value(trail), ":log-group:([^:]+)") == group.name then
      region.list(group, "MetricFilters")
      region.list(group, "MetricAlarms")
      return true
    end
  end
  return false
end

function alarms.judge(trail, events)
  local patterns, open = watched(trail)
  local lacking = {}
  for _, event in ipairs(events) do
    local label = missing(event, patterns)
    if label then lacking[#lacking + 1] = { case = event.case, label = label } end
  end
  if #lacking == 0 then return end
  if trail.origin == "live" and not collected(trail) and #patterns == 0 then unknown("the log group of the trail was not collected") end
  if open then unknown("a metric filter or an alarm is not known well enough") end
  if trail.origin ~= "live" then
    if #graph.all("aws.securityhub.hub") > 0 then unknown("Security Hub may be what raises the alarm") end
    if #groups_of(trail) == 0 and #patterns == 0 then unknown("the log group of the trail is not in the scan") end
  end
  return each(lacking, function(event)
    return fail("no alarm watches " .. event.label .. " in the log of trail " .. trail.name, { case = event.case, at = "log_group" })
  end)
end

return alarms
