-- What Google Cloud's rules share: members of bindings, default service accounts, metadata of machines.

local gcp = {}

-- Bindings of a *_iam_member, *_iam_binding or *_iam_policy: the holder of `role`, `member` and `members`.
function gcp.bindings(e)
  if not ends(e.type, "_iam_policy") then return { e.raw } end
  for _, document in ipairs(e:targets(e.raw.policy_data)) do
    if document.kind == "gcp.iam.policy_document" then return list(document.raw.binding) end
  end
  return list(json(e.raw.policy_data).bindings)
end

-- Whether a binding names nobody: it takes the role from everyone, which is no grant.
function gcp.grants_nobody(e, binding)
  return ends(e.type, "_iam_binding") and known(binding.members) and binding.members ~= nil and #list(binding.members) == 0
end

-- The service account whose address a member is computed from, among what it refers to: one of the scan, or the writer of a sink.
local function account_of(targets)
  for _, target in ipairs(targets) do
    if one_of(target.kind, "gcp.iam.service_account", "gcp.iam.default_service_account", "gcp.logging.sink") then return target end
  end
end

-- Failures of judge(member, binding), for each member that is granted something; an unknown one hides no other. A member that
-- is computed from a service account is no one else, though its address is not known: judge(nil, binding, account) is asked.
function gcp.each_member(e, judge)
  return each(gcp.bindings(e), function(binding)
    if not known(binding.member) then
      local account = account_of(e:targets(binding.member))
      if account ~= nil then return judge(nil, binding, account) end
    end
    if binding.member ~= nil then return judge(binding.member, binding) end
    local members = items(binding.members)
    local numbers = {}
    for i = 1, #members do numbers[i] = i end
    return each(numbers, function(i)
      if not known(members[i]) then
        local account = account_of(e:targets(members[i]))
        if account ~= nil then return judge(nil, binding, account) end
      end
      return judge(members[i], binding)
    end)
  end)
end

-- Whether a member stands for the whole internet, or for whoever has a Google account.
function gcp.everyone(member)
  return member ~= nil and one_of(member, "allUsers", "allAuthenticatedUsers")
end

-- Failures for members that are everyone: on(member, role) says what they can reach.
function gcp.judge_everyone(e, where, case)
  return gcp.each_member(e, function(member, binding)
    if gcp.everyone(member) then
      return fail(member .. " has " .. (known(binding.role) and binding.role or "a role") .. " on " .. where, { case = case })
    end
  end)
end

-- Failures of a resource for those of its bindings that name everyone.
function gcp.judge_bindings(e, kind, case)
  return each(e:edges_to("grants"), function(binding)
    if binding.kind ~= kind then return end
    return gcp.each_member(binding, function(member, granted)
      if gcp.everyone(member) then
        return fail(e.name .. " is open to " .. member .. (known(granted.role) and " as " .. granted.role or ""),
          { case = case, evidence = { { binding, "this binding names everyone" } } })
      end
    end)
  end)
end

-- The default service account of Compute Engine or App Engine, as a member or an address of its own.
function gcp.default_account(text)
  return match(text, "^(?:serviceAccount:)?(?:[^@:]+-compute@developer\\.gserviceaccount\\.com|[a-z0-9.:-]+@appspot\\.gserviceaccount\\.com)$") ~= nil
end

-- Whether a value is computed from the data source of a default service account.
function gcp.default_reference(e, value)
  for _, target in ipairs(e:targets(value)) do
    if target.kind == "gcp.iam.default_service_account" then return true end
  end
  return false
end

-- Whether holder[key] is the address of a service account that is no default one.
function gcp.own_account(e, holder, key)
  if holder == nil then return false end
  for _, target in ipairs(e:targets(holder[key])) do
    if target.kind == "gcp.iam.service_account" then return true end
    if one_of(target.kind, "gcp.iam.default_service_account", "gcp.container.default_accounts") then return false end
  end
  local value = holder[key]
  return value ~= nil and value ~= "" and value ~= "default" and not gcp.default_account(value)
end

-- Entities of a kind that refer to this one, by reference or (in a live account) by its name: edge is how the schema joins them.
function gcp.users(e, kind, edge)
  local found = e:referrers(kind)
  if #found > 0 then return found end
  for _, other in ipairs(e:edges_to(edge)) do
    if other.kind == kind then found[#found + 1] = other end
  end
  return found
end

-- The number of a live project: "projects/123" is its name in version 3 of the API, version 1 has projectNumber.
function gcp.project_number(project)
  local number = project.raw.projectNumber
  if number == nil and match(project.raw.name or "", "^projects/[0-9]+$") then number = split(project.raw.name, "/")[2] end
  return number and tostring(number) or nil
end

-- Whether a live resource lies in a live project, by its full name, or the number that its answer gives.
function gcp.in_project(e, project)
  local own = match(e.address, "(?<=/projects/)[^/]+") or e.raw.projectNumber
  if own == nil then return false end
  return tostring(own) == project.raw.projectId or tostring(own) == gcp.project_number(project)
end

-- Level of a binding's resource: "project", "folder" or "organization".
function gcp.level(e)
  return starts(e.type, "google_folder") and "folder" or starts(e.type, "google_organization") and "organization" or "project"
end

function gcp.level_text(level)
  return level == "organization" and "an organisation" or "a " .. level
end

-- Values that Compute Engine takes for true in metadata:
-- https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys#boolean
function gcp.truthy(value)
  return value ~= nil and match(tostring(value), "(?i)^(?:true|yes|y|1(?:\\.0)?)$") ~= nil
end

-- The machine itself; where it is made from a template and does not set `key`, the template.
function gcp.source(e, key)
  if e.type ~= "google_compute_instance_from_template" then return e end
  if not known(e.raw[key]) or #list(e.raw[key]) > 0 then return e end
  for _, target in ipairs(e:targets(e.raw.source_instance_template)) do
    if target.kind == "gcp.compute.instance" then return target end
  end
  unknown("the template of the instance is outside the scan")
end

-- The value of a metadata key of a machine, also where its template sets it.
function gcp.metadata(e, key)
  if e.origin == "live" then
    for _, item in ipairs(list(e.metadata)) do
      if item.key == key then return item.value end
    end
    return nil
  end
  local own = e.raw.metadata and e.raw.metadata[key]
  if own ~= nil or e.type ~= "google_compute_instance_from_template" then return own end
  local template = gcp.source(e, "metadata")
  if template.address == e.address then unknown("whether the template's metadata stays beside that of the instance is not known") end
  return template.raw.metadata and template.raw.metadata[key]
end

-- Nodes of clusters are named gke-…; they are judged as nodes.
function gcp.is_node(e)
  return known(e.raw.name) and e.raw.name ~= nil and starts(e.raw.name, "gke-")
end

return gcp
