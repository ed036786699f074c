-- Which resources backup plans reach: by ARN, by pattern, or by tag.

local backup = {}

-- Resource types as they stand in the patterns of selections ("arn:aws:ec2:*:*:volume/*").
local patterns = {
  ["aws.ec2.volume"] = ":ec2:[^:]*:[^:]*:volume/", ["aws.efs.file_system"] = ":elasticfilesystem:[^:]*:[^:]*:file-system/",
  ["aws.timestream.table"] = ":timestream:[^:]*:[^:]*:database/",
}

local function live_arns(e)
  local found = { [e.address] = true }
  for _, field in ipairs { "Arn", "FileSystemArn", "ResourceArn" } do
    if e.raw[field] ~= nil then found[e.raw[field]] = true end
  end
  return found
end

-- Whether a text of a selection ("*", an ARN with wildcards) covers everything of the kind or the entity's own ARN.
local function text_covers(e, text)
  if text == "*" or text == "arn:aws:*" then return true end
  local kind = patterns[e.kind]
  if kind ~= nil and match(text, kind .. "\\*$") then return true end
  if e.origin == "live" then
    for arn in pairs(live_arns(e)) do
      if glob(arn, text) then return true end
    end
    if e.kind == "aws.ec2.volume" and e.raw.VolumeId ~= nil and ends(text, "volume/" .. e.raw.VolumeId) then return true end
  end
  return false
end

local function by_name(e, selection)
  if e.origin ~= "live" then
    for _, target in ipairs(selection:targets(selection.raw.resources)) do
      if target.address == e.address then return true end
    end
  end
  local open = false
  local resources = items(selection.origin == "live" and selection.raw.Resources or selection.raw.resources)
  for i = 1, #resources do
    if known(resources[i]) then
      if text_covers(e, resources[i]) then return true end
    elseif selection.origin == "live" or #selection:targets(resources[i]) == 0 then
      open = true
    end
  end
  if open then return nil end
  return false
end

local function tag_is(e, key, value)
  if key == nil or value == nil then return false end
  return e.tags ~= nil and e.tags[key] == value
end

-- Conditions of a selection in both spellings: any `selection_tag`, or all of a `condition`.
local function by_tag(e, selection)
  for _, one in ipairs(list(selection.raw.selection_tag or selection.raw.ListOfTags)) do
    if tag_is(e, one.key or one.ConditionKey, one.value or one.ConditionValue) then return true end
  end
  return false
end

local function condition_holds(e, selection)
  for _, block in ipairs(list(selection.raw.condition)) do
    for _, one in ipairs(list(block.string_equals)) do
      if not tag_is(e, string.gsub(one.key or "", "^aws:ResourceTag/", "", 1), one.value) then return false end
    end
  end
  return true
end

-- Whether a selection of the unit, or a lifecycle policy of volumes, takes the entity. Where none is there, another
-- stack may take it: the check ends as unknown.
function backup.reaches(e)
  local open = false
  local selections = graph.all("aws.backup.selection")
  for _, selection in ipairs(selections) do
    local named = by_name(e, selection)
    if named and condition_holds(e, selection) then return true end
    if by_tag(e, selection) then return true end
    if named == nil then open = true end
  end
  local policies = e.kind == "aws.ec2.volume" and graph.all("aws.dlm.policy") or {}
  for _, policy in ipairs(policies) do
    local wanted = policy.origin == "live" and policy.raw.PolicyDetails.TargetTags or policy.raw.policy_details.target_tags
    if policy.origin == "live" then
      for _, tag in ipairs(list(wanted)) do
        if tag_is(e, tag.Key, tag.Value) then return true end
      end
    else
      for key, value in pairs(wanted or {}) do
        if tag_is(e, key, value) then return true end
      end
    end
  end
  if open then unknown("what a backup selection takes is not known") end
  if #selections == 0 and #policies == 0 then unknown("no backup plan is in the scan; another stack may hold it") end
  return false
end

return backup
