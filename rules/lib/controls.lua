-- Settings that protect, by kind of resource: what two environments are compared by.

local controls = {}

-- Field and the value that protects; of numbers more protects more.
controls.fields = {
  ["aws.s3.bucket"] = { { "versioning.enabled", true }, { "versioning.mfa_delete", true }, { "object_lock.enabled", true } },
  ["aws.rds.instance"] = { { "encryption.enabled", true }, { "public", false }, { "deletion_protection", true }, { "multi_az", true },
    { "iam_authentication", true }, { "backup.days", "more" } },
  ["aws.rds.cluster"] = { { "encryption.enabled", true }, { "deletion_protection", true }, { "iam_authentication", true },
    { "backup.days", "more" } },
  ["aws.dynamodb.table"] = { { "recovery", true } },
  ["aws.efs.file_system"] = { { "encrypted", true } },
  ["gcp.sql.instance"] = { { "network.public", false }, { "backup.enabled", true }, { "backup.point_in_time", true } },
}

controls.kinds = { "aws.s3.bucket", "aws.rds.instance", "aws.rds.cluster", "aws.dynamodb.table", "aws.efs.file_system", "gcp.sql.instance" }

-- The value of a field, or nil where it is not known or not there.
function controls.value(e, path)
  local parts = split(path, ".")
  local at = e
  for i = 1, #parts - 1 do at = at[parts[i]] end
  if not known(at[parts[#parts]]) then return nil end
  return at[parts[#parts]]
end

-- Whether `value` protects less than `other`.
function controls.weaker(wanted, value, other)
  if wanted == "more" then return value < other end
  return value ~= wanted and other == wanted
end

return controls
