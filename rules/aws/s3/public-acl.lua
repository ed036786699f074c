local s3 = lib "s3"
local tags = lib "tags"

local canned = {
  ["public-read"] = { "read", "everyone may list and read it" }, ["public-read-write"] = { "write", "everyone may read and write it" },
  ["authenticated-read"] = { "read", "every AWS account may read it" }, website = { "read", "everyone may read it" },
}
local groups = {
  ["http://acs.amazonaws.com/groups/global/AllUsers"] = "everyone",
  ["http://acs.amazonaws.com/groups/global/AuthenticatedUsers"] = "every AWS account",
}

local function case_of(who, permission)
  if who == "every AWS account" then return "authenticated" end
  if one_of(permission, "WRITE", "FULL_CONTROL", "WRITE_ACP") then return "write" end
  return "read"
end

-- Grants, in the bucket's own and the ACL resource's form.
local function grants(holder)
  local found = {}
  for _, grant in ipairs(list(holder.raw.access_control_policy.grant)) do
    found[#found + 1] = { at = grant, uri = grant.grantee.uri, permissions = { grant.permission } }
  end
  for _, grant in ipairs(list(holder.raw.grant)) do
    found[#found + 1] = { at = grant, uri = grant.uri, permissions = list(grant.permissions) }
  end
  for _, grant in ipairs(list(holder.raw.Acl.Grants)) do
    found[#found + 1] = { at = grant, uri = grant.Grantee.URI, permissions = { grant.Permission } }
  end
  return found
end

return rule {
  id = "AWS-S3-005", title = "Bucket ACL grants access to everyone or to any AWS account",
  severity = "critical", category = "least-privilege",
  aliases = {
    "AVD-AWS-0092", CKV_AWS_20 = "read", CKV_AWS_57 = "write", CKV_AWS_375 = "acl-readable",
    CKV2_AWS_43 = "authenticated",
  },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.s3.bucket", "aws.s3.bucket_acl" },
  -- An ACL resource is judged with its bucket where that is in the scan.
  where = function(e)
    if e.kind == "aws.s3.bucket" then return true end
    for _, owner in ipairs(e:targets(e.raw.bucket)) do
      if owner.kind == "aws.s3.bucket" then return false end
    end
    return true
  end,
  description = [[Such an ACL opens the bucket to the whole world: "authenticated" means anyone with any AWS account.]],
  remediation = [[Remove the ACL (`private` is the default), and add a public access block.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html" },
  -- An ACL that a public access block ignores opens nothing, although CKV_AWS_20 and CKV_AWS_57 fail on it.
  check = function(e)
    local holders = { e }
    if e.kind == "aws.s3.bucket" then
      for _, acl in ipairs(e:satellites("acl")) do holders[#holders + 1] = acl end
      for _, block in ipairs(s3.blocks(e)) do
        if s3.setting(block, "ignore_public_acls") then return end
      end
    end
    -- What is classified as public may be read by everyone; written it may not.
    local open = tags.public(e, "bucket")
    local name = e.kind == "aws.s3.bucket" and e.name or (e.bucket or e.name)
    return each(holders, function(holder)
      local acl = holder.raw.acl
      if acl ~= nil and canned[acl] then
        if open and canned[acl][1] == "read" then return end
        local found = { fail("bucket " .. name .. " has the ACL " .. acl .. ": " .. canned[acl][2],
          { case = canned[acl][1], at = holder }) }
        if acl == "public-read-write" and not open then
          found[2] = fail("bucket " .. name .. " has the ACL " .. acl .. ": everyone may list and read it", { case = "read", at = holder })
        end
        return found
      end
      return each(grants(holder), function(grant)
        local who = grant.uri ~= nil and groups[grant.uri]
        if not who then return end
        return each(grant.permissions, function(permission)
          if open and permission == "READ" then return end
          local found = { fail("an ACL grant gives " .. permission .. " on bucket " .. name .. " to " .. who,
            { case = case_of(who, permission), at = grant.at }) }
          if found[1] and who == "everyone" and not open and case_of(who, permission) == "write" then
            found[2] = fail("an ACL grant gives everyone a part in bucket " .. name, { case = "read", at = grant.at })
          end
          if who == "everyone" and one_of(permission, "FULL_CONTROL", "READ_ACP") then
            found[#found + 1] = fail("an ACL grant lets everyone read the ACL of bucket " .. name, { case = "acl-readable", at = grant.at })
          end
          return found
        end)
      end)
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire",
  "body": {"Name": "b", "Acl": {"Grants": [{"Grantee": {"Type": "Group",
    "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}, "Permission": "READ"}]}}}]
]], [[
resource "aws_s3_bucket" "fire" { acl = "public-read" }]], [[
resource "aws_s3_bucket" "fire" {}
resource "aws_s3_bucket_acl" "x" {
  bucket = aws_s3_bucket.fire.id
  acl    = "public-read-write"
}]], [[
resource "aws_s3_bucket" "fire" {}
resource "aws_s3_bucket_acl" "x" {
  bucket = aws_s3_bucket.fire.id
  access_control_policy {
    grant {
      permission = "READ"
      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
      }
    }
    owner { id = "o" }
  }
}]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire",
  "body": {"Name": "b", "Acl": {"Grants": [{"Grantee": {"Type": "CanonicalUser", "ID": "x"},
    "Permission": "FULL_CONTROL"}]}}}]
]], [[
resource "aws_s3_bucket" "dont_fire" { acl = "private" }]], [[
resource "aws_s3_bucket" "dont_fire" {
  acl  = "public-read"
  tags = { DataClassification = "public" }
}]], [[
resource "aws_s3_bucket" "dont_fire" {}
resource "aws_s3_bucket_acl" "x" {
  bucket = aws_s3_bucket.dont_fire.id
  acl    = "public-read"
}
resource "aws_s3_bucket_public_access_block" "x" {
  bucket             = aws_s3_bucket.dont_fire.id
  ignore_public_acls = true
}]] },
    unknown = { [[
variable "acl" {}
resource "aws_s3_bucket" "a" { acl = var.acl }]] },
  },
}
