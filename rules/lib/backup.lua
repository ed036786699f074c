-- Which resources backup plans reach: by ARN, by pattern, or by tag.

local backup = {}

-- Resource types as they stand in the patterns of selections ("arn:aws:ec2:*:*:volume/*").
local patterns = {
  ["aws.ec2.volume"] = ":ec2:[^:]*:[^:]*:volume/", ["aws.efs.file_system"] = ":elasticfilesystem:[^:]*:[^:]*:file-system/",
  ["aws.timestream.table"] = ":timestream:[^:]*:[^:]*:database/", ["aws.rds.instance"] = ":rds:[^:]*:[^:]*:db:",
  ["aws.rds.cluster"] = ":rds:[^:]*:[^:]*:cluster:", ["aws.dynamodb.table"] = ":dynamodb:[^:]*:[^:]*:table/",
}

local function arns_of(e)
  local found = { e.address }
  for _, field in ipairs { "Arn", "FileSystemArn", "ResourceArn" } do
    if e.raw[field] ~= nil then found[#found + 1] = e.raw[field] end
  end
  return found
end

-- Conditions that a resource must meet besides being named.
local function conditions_of(selection)
  local found = {}
  for _, block in ipairs(list(selection.raw.condition)) do
    for _, one in ipairs(list(block.string_equals)) do
      found[#found + 1] = { string.gsub(one.key or "", "^aws:ResourceTag/", "", 1), one.value }
    end
  end
  return found
end

local function add_tags(found, wanted)
  for _, one in ipairs(wanted) do
    if one[1] ~= nil and one[2] ~= nil then
      found.tags[#found.tags + 1] = { one[1], one[2] }
    end
  end
end

local function add_selection(found, selection)
  local conditions = conditions_of(selection)
  local resources = items(selection.origin == "live" and selection.raw.Resources or selection.raw.resources)
  if selection.origin ~= "live" then
    for _, target in ipairs(selection:targets(selection.raw.resources)) do found.named[target.address] = conditions end
  end
  for i = 1, #resources do
    if not known(resources[i]) then
      if selection.origin == "live" or #selection:targets(resources[i]) == 0 then found.open = true end
    elseif match(resources[i], "[*?]") then
      found.patterns[#found.patterns + 1] = { resources[i], conditions }
    else
      found.named[resources[i]] = conditions
    end
  end
  local wanted = {}
  for _, one in ipairs(list(selection.raw.selection_tag or selection.raw.ListOfTags)) do
    wanted[#wanted + 1] = { one.key or one.ConditionKey, one.value or one.ConditionValue }
  end
  add_tags(found, wanted)
end

local function add_policy(found, policy)
  local wanted = {}
  if policy.origin == "live" then
    for _, tag in ipairs(list(policy.raw.PolicyDetails.TargetTags)) do wanted[#wanted + 1] = { tag.Key, tag.Value } end
  else
    for key, value in pairs(policy.raw.policy_details.target_tags or {}) do wanted[#wanted + 1] = { key, value } end
  end
  for _, one in ipairs(wanted) do found.volume_tags[#found.volume_tags + 1] = one end
end

-- What the selections of the unit take, and the lifecycle policies of volumes.
local function plans()
  return once("backup plans", function()
    local found = { named = {}, patterns = {}, tags = {}, volume_tags = {}, open = false, n = 0, n_volumes = 0 }
    for _, selection in ipairs(graph.all("aws.backup.selection")) do
      found.n = found.n + 1
      add_selection(found, selection)
    end
    for _, policy in ipairs(graph.all("aws.dlm.policy")) do
      found.n_volumes = found.n_volumes + 1
      add_policy(found, policy)
    end
    return found
  end)
end

local function has_tag(e, wanted)
  for _, one in ipairs(wanted) do
    if e.tags ~= nil and e.tags[one[1]] == one[2] then return true end
  end
  return false
end

local function meets(e, conditions)
  for _, one in ipairs(conditions) do
    if e.tags == nil or e.tags[one[1]] ~= one[2] then return false end
  end
  return true
end

local function matches(e, pattern)
  if pattern == "*" then return true end
  local kind = patterns[e.kind]
  if kind ~= nil and match(pattern, kind .. "\\*$") then return true end
  if e.origin ~= "live" then return false end
  for _, arn in ipairs(arns_of(e)) do
    if glob(arn, pattern) then return true end
  end
  return false
end

local function is_named(e, all)
  for _, arn in ipairs(e.origin == "live" and arns_of(e) or { e.address }) do
    local conditions = all.named[arn]
    if conditions ~= nil and meets(e, conditions) then return true end
  end
  if e.kind == "aws.ec2.volume" and e.raw.VolumeId ~= nil and e.account ~= "" then
    local conditions = all.named["arn:aws:ec2:" .. e.region .. ":" .. e.account .. ":volume/" .. e.raw.VolumeId]
    return conditions ~= nil and meets(e, conditions)
  end
  return false
end

-- Each selection of the unit with what it takes.
local function each_selection()
  return once("backup.selections", function()
    local found = {}
    for i, selection in ipairs(graph.all("aws.backup.selection")) do
      local all = { named = {}, patterns = {}, tags = {}, open = false }
      add_selection(all, selection)
      found[i] = { selection, all }
    end
    return found
  end)
end

-- The selections of AWS Backup that take the entity; then whether what some of them take is not known, and how many there are.
function backup.selections(e)
  local found, open = {}, false
  local every = each_selection()
  for _, one in ipairs(every) do
    local all = one[2]
    local takes = is_named(e, all) or has_tag(e, all.tags)
    for _, pattern in ipairs(all.patterns) do
      takes = takes or matches(e, pattern[1]) and meets(e, pattern[2])
    end
    if takes then found[#found + 1] = one[1] end
    open = open or all.open
  end
  return found, open, #every
end

-- The rules of the plan that a selection belongs to; nil when the plan is not in the scan.
function backup.rules_of(selection)
  local live = selection.origin == "live"
  local plan = selection:targets(live and selection.raw.BackupPlanId or selection.raw.plan_id)[1]
  if plan == nil then return nil end
  return list(live and plan.raw.BackupPlan.Rules or plan.raw.rule), plan
end

-- Whether a selection of the unit, or a lifecycle policy of volumes, takes the entity. Where none is there, another
-- stack may take it: the check ends as unknown.
function backup.reaches(e)
  local all = plans()
  local volume = e.kind == "aws.ec2.volume"
  if is_named(e, all) or has_tag(e, all.tags) or volume and has_tag(e, all.volume_tags) then return true end
  for _, one in ipairs(all.patterns) do
    if matches(e, one[1]) and meets(e, one[2]) then return true end
  end
  if all.open then unknown("what a backup selection takes is not known") end
  if all.n == 0 and (not volume or all.n_volumes == 0) then unknown("no backup plan is in the scan; another stack may hold it") end
  return false
end

return backup
