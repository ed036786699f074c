-- What rules on buckets share: policies, public access blocks, log targets.

local iam = lib "iam"
local s3 = {}

local function blocks(bucket)
  local found = bucket:satellites("public_access_block")
  for _, account in ipairs(graph.all("aws.s3.account_public_access_block")) do found[#found + 1] = account end
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
  end
  return #bucket:edges_to("logs_to") > 0
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
