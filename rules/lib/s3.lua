-- What rules on buckets share: policies, public access blocks, log targets.

local iam = lib "iam"
local s3 = {}

local function blocks(bucket)
  local found = bucket:satellites("public_access_block")
  for _, account in ipairs(graph.all("aws.s3.account_public_access_block")) do
    if bucket.origin ~= "live" or account.account == bucket.account then found[#found + 1] = account end
  end
  if bucket.origin == "live" and bucket.raw.PublicAccessBlock ~= nil then found[#found + 1] = bucket end
  return found
end

-- Public access blocks in force for a bucket: its own, those of its account in the same unit, and what a live answer
-- shows (then the bucket itself). The list is for all rules: it is not changed.
function s3.blocks(bucket) return memo(bucket, "s3.blocks", blocks) end

local live_names = {
  block_public_acls = "BlockPublicAcls", ignore_public_acls = "IgnorePublicAcls",
  block_public_policy = "BlockPublicPolicy", restrict_public_buckets = "RestrictPublicBuckets",
}

-- One of the four settings of a block that s3.blocks gave.
function s3.setting(block, name)
  if block.kind ~= "aws.s3.bucket" then return block[name] end
  return block.raw.PublicAccessBlock.PublicAccessBlockConfiguration[live_names[name]] == true
end

-- Whether the entity carries a bucket policy of its own.
function s3.has_policy(e)
  return e.kind ~= "aws.s3.bucket" or not known(e.raw.policy) or e.raw.policy ~= nil or e.raw.Policy ~= nil
end

-- Statements of the entity's bucket policy.
function s3.policy(e)
  if e.origin == "live" then return iam.statements(json(e.raw.Policy)) end
  return iam.statements(json(e.raw.policy))
end

-- Whether a live answer carries a part ("Lifecycle").
function s3.live_part(bucket, name)
  return bucket.origin == "live" and bucket.raw[name] ~= nil
end

-- Whether another bucket, a trail or a load balancer writes its logs here, or it was made for that by ACL or name.
function s3.is_log_target(bucket)
  if known(bucket.raw.acl) and bucket.raw.acl == "log-delivery-write" then return true end
  for _, acl in ipairs(bucket:satellites("acl")) do
    if known(acl.raw.acl) and acl.raw.acl == "log-delivery-write" then return true end
    for _, grant in ipairs(known(acl.raw.access_control_policy) and list(acl.raw.access_control_policy.grant) or {}) do
      if known(grant.grantee) and known(grant.grantee.uri) and ends(grant.grantee.uri or "", "/LogDelivery") then return true end
    end
  end
  for _, holder in ipairs(bucket:satellites("policy")) do
    if known(holder.raw.policy) and match(tostring(holder.raw.policy or ""), "logging\\.s3\\.amazonaws\\.com") then return true end
  end
  return #bucket:edges_to("logs_to") > 0
end

local public_uris = {
  ["http://acs.amazonaws.com/groups/global/AllUsers"] = true,
  ["http://acs.amazonaws.com/groups/global/AuthenticatedUsers"] = true,
}

local function open_acl(holder)
  if one_of(holder.raw.acl, "public-read", "public-read-write", "authenticated-read", "website") then return "its ACL "
    .. holder.raw.acl end
  local grants = {}
  for _, grant in ipairs(list(holder.raw.grant)) do grants[#grants + 1] = grant.uri end
  for _, grant in ipairs(list(holder.raw.access_control_policy.grant)) do grants[#grants + 1] = grant.grantee.uri end
  for _, grant in ipairs(list(holder.raw.Acl.Grants)) do grants[#grants + 1] = grant.Grantee.URI end
  for _, uri in ipairs(grants) do
    if public_uris[uri] then return "a grant to " .. string.match(uri, "[^/]*$") end
  end
end

local function open_policy(holder)
  for _, s in ipairs(s3.policy(holder)) do
    if iam.allows(s) and iam.wildcard_principal(holder, s) and not iam.narrowed(s) then return "its policy" end
  end
end

-- What opens a bucket to everyone ("its ACL public-read", "its policy"), or nil.
function s3.opened_by(bucket)
  local acls, policies = true, true
  for _, block in ipairs(s3.blocks(bucket)) do
    if s3.setting(block, "ignore_public_acls") then acls = false end
    if s3.setting(block, "restrict_public_buckets") or s3.setting(block, "block_public_policy") then policies = false end
  end
  local holders = { bucket }
  for _, part in ipairs(bucket:satellites("acl")) do holders[#holders + 1] = part end
  for _, holder in ipairs(holders) do
    local reason = acls and open_acl(holder)
    if reason then return reason end
  end
  if not policies then return nil end
  if s3.has_policy(bucket) then
    local reason = open_policy(bucket)
    if reason then return reason end
  end
  for _, part in ipairs(bucket:satellites("policy")) do
    local reason = open_policy(part)
    if reason then return reason end
  end
end

local auditors = { aws_cloudtrail = true, aws_config_delivery_channel = true, aws_flow_log = true, aws_backup_vault = true }

-- Whether audit records are delivered here.
function s3.is_audit_target(bucket)
  for _, other in ipairs(bucket:edges_to("references")) do
    if auditors[other.type] then return true end
  end
  return false
end

return s3
