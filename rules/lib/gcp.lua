-- What Google Cloud's rules share: members of bindings, default service accounts.

local gcp = {}

-- Bindings of a *_iam_member, *_iam_binding or *_iam_policy: the holder of `role`, `member` and `members`.
function gcp.bindings(e)
  if not ends(e.type, "_iam_policy") then return { e.raw } end
  for _, document in ipairs(e:targets(e.raw.policy_data)) do
    if document.kind == "gcp.iam.policy_document" then return list(document.raw.binding) end
  end
  return list(json(e.raw.policy_data).bindings)
end

-- Failures of judge(member, binding), for each member that is granted something; an unknown one hides no other.
function gcp.each_member(e, judge)
  return each(gcp.bindings(e), function(binding)
    if known(binding.member) and binding.member == nil then
      return each(items(binding.members), function(member) return judge(member, binding) end)
    end
    return judge(binding.member, binding)
  end)
end

-- Whether a member stands for the whole internet, or for whoever has a Google account.
function gcp.everyone(member)
  return one_of(member, "allUsers", "allAuthenticatedUsers")
end

-- The default service account of Compute Engine or App Engine, as a member or an address of its own.
function gcp.default_account(text)
  return match(text, "^(?:serviceAccount:)?(?:[0-9]+-compute@developer\\.gserviceaccount\\.com|[a-z0-9.:-]+@appspot\\.gserviceaccount\\.com)$") ~= nil
end

-- Whether a value is computed from the data source of a default service account.
function gcp.default_reference(e, value)
  for _, target in ipairs(e:targets(value)) do
    if target.kind == "gcp.iam.default_service_account" then return true end
  end
  return false
end

return gcp
