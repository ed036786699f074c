-- luacheck: no max line length

-- What deletes logs, by where they lie.
local actions = {
  ["aws.s3.bucket"] = "s3:DeleteObject", ["gcp.storage.bucket"] = "storage.objects.delete", ["gcp.logging.bucket"] = "logging.buckets.delete",
}

-- Users, roles and service accounts of an account, and those of which it is not known; all of them where the account is not.
local function principals_of(account)
  return once("principals of " .. account, function()
    local found = {}
    for _, kind in ipairs({ "aws.iam.role", "aws.iam.user", "gcp.iam.service_account" }) do
      for _, principal in ipairs(graph.all(kind)) do
        if one_of(principal.account, account, "") or account == "" then found[#found + 1] = principal end
      end
    end
    return found
  end)
end

-- Principals of the account that may delete from the log's place; then why there may be more.
local function deleters(place)
  local action = actions[place.kind] or "logs:DeleteLogGroup"
  local found, open = {}, nil
  local cloud = match(place.kind, "^[a-z]*")
  for _, principal in ipairs(principals_of(place.account)) do
    if not starts(principal.kind, cloud .. ".") then goto continue end
    local verdict, why = iam.decide(principal, action, place)
    if verdict == "allowed" then found[#found + 1] = principal end
    if #found > 5 then return found end -- more are not named
    if verdict == "unknown" then open = open or why end
    ::continue::
  end
  return found, open
end

-- Nobody deletes what is locked in compliance mode.
local function is_locked(place)
  if place.kind == "gcp.storage.bucket" then return place.retention.locked end
  if place.kind == "gcp.logging.bucket" then return place.locked end
  if place.kind ~= "aws.s3.bucket" then return false end
  local retention = place.object_lock.retention
  local mode = retention ~= nil and (retention.mode or retention.Mode)
  return mode == "COMPLIANCE"
end

return rule {
  id = "GRAPH-026", title = "Security service logs can be deleted by those they watch", severity = "high", category = "logging",
  version = 2, changes = { "places of Google Cloud are judged" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "aws.cloudtrail.trail", "aws.vpc.flow_log", "gcp.logging.sink" },
  description = [[Whoever takes an account over deletes the traces first. Logs belong in an account of their own, or under an object lock
in compliance mode. Judged is who of the same code or account may delete objects of the bucket, or the log group, by the whole evaluation
of policies; for sinks of Google Cloud which service accounts may delete from the bucket.]],
  remediation = [[Deliver to a bucket of a log archive account, lock it in compliance mode, or deny deletion in the bucket policy.]],
  references = { "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html",
    "https://cloud.google.com/storage/docs/bucket-lock",
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html" },
  check = function(log)
    local places, open = log:edges_from("logs_to"), nil
    if #places == 0 then unknown("where " .. log.address .. " delivers is not in the scan") end
    for _, place in ipairs(places) do
      if not is_locked(place) then
        local found, why = deleters(place)
        if #found > 0 then
          local names, evidence = {}, { { place, "the logs lie here" } }
          for i = 1, math.min(#found, 5) do
            names[i] = found[i].name
            evidence[#evidence + 1] = { found[i], "may delete there" }
          end
          return fail("logs of " .. log.name .. " may be deleted by " .. table.concat(names, ", ") .. (#found > 5 and " and others" or "")
            .. ", which they watch; deny it in the policy of " .. place.name .. " or lock it", { evidence = evidence })
        end
        open = open or why
      end
    end
    if open then unknown(open) end
  end,
  tests = {
    fail = {
      [[
resource "google_storage_bucket" "logs" {
  name     = "logs"
  project  = "shop"
  location = "EU"
}
resource "google_logging_project_sink" "fire" {
  name        = "audit"
  project     = "shop"
  destination = "storage.googleapis.com/${google_storage_bucket.logs.name}"
}
resource "google_service_account" "ci" {
  account_id = "ci"
  project    = "shop"
}
resource "google_storage_bucket_iam_member" "ci" {
  bucket = google_storage_bucket.logs.name
  role   = "roles/storage.objectAdmin"
  member = "serviceAccount:${google_service_account.ci.email}"
}]],
      live [=[
[{"type": "aws:cloudtrail:trail", "name": "fire", "account": "111122223333", "body": {"Name": "fire", "S3BucketName": "logs"}},
 {"type": "aws:s3:bucket", "name": "logs", "account": "111122223333", "body": {"Name": "logs"}},
 {"type": "aws:iam:user", "name": "ops", "account": "111122223333", "body": {"UserName": "ops", "Arn": "arn:aws:iam::111122223333:user/ops",
  "UserPolicyList": [{"PolicyName": "s3", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}}]}}]
]=],
      [[
resource "aws_s3_bucket" "logs" { bucket = "logs" }
resource "aws_cloudtrail" "fire" {
  name           = "main"
  s3_bucket_name = aws_s3_bucket.logs.id
}
resource "aws_iam_user" "admin" { name = "admin" }
resource "aws_iam_user_policy" "admin" {
  user   = aws_iam_user.admin.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}]],
    },
    pass = {
      [[
resource "google_storage_bucket" "logs" {
  name     = "logs"
  project  = "shop"
  location = "EU"
}
resource "google_logging_project_sink" "dont_fire" {
  name        = "audit"
  project     = "shop"
  destination = "storage.googleapis.com/${google_storage_bucket.logs.name}"
}
resource "google_service_account" "ci" {
  account_id = "ci"
  project    = "shop"
}
resource "google_storage_bucket_iam_member" "ci" {
  bucket = google_storage_bucket.logs.name
  role   = "roles/storage.objectViewer"
  member = "serviceAccount:${google_service_account.ci.email}"
}]],
      [[
resource "google_storage_bucket" "logs" {
  name     = "logs"
  project  = "shop"
  location = "EU"
  retention_policy {
    is_locked        = true
    retention_period = 31536000
  }
}
resource "google_logging_project_sink" "dont_fire" {
  name        = "audit"
  project     = "shop"
  destination = "storage.googleapis.com/${google_storage_bucket.logs.name}"
}
resource "google_service_account" "ci" {
  account_id = "ci"
  project    = "shop"
}
resource "google_storage_bucket_iam_member" "ci" {
  bucket = google_storage_bucket.logs.name
  role   = "roles/storage.objectAdmin"
  member = "serviceAccount:${google_service_account.ci.email}"
}]],
      live [=[
[{"type": "aws:cloudtrail:trail", "name": "dont_fire", "account": "111122223333", "body": {"Name": "dont_fire", "S3BucketName": "logs"}},
 {"type": "aws:s3:bucket", "name": "logs", "account": "111122223333", "body": {"Name": "logs"}},
 {"type": "aws:iam:user", "name": "ops", "account": "111122223333", "body": {"UserName": "ops", "Arn": "arn:aws:iam::111122223333:user/ops",
  "UserPolicyList": [{"PolicyName": "s3", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}}]}}]
]=],
      [[
resource "aws_s3_bucket" "logs" { bucket = "logs" }
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "s3:Delete*", Principal = "*", Resource = "${aws_s3_bucket.logs.arn}/*" }] })
}
resource "aws_cloudtrail" "dont_fire" {
  name           = "main"
  s3_bucket_name = aws_s3_bucket.logs.id
}
resource "aws_iam_user" "admin" { name = "admin" }
resource "aws_iam_user_policy" "admin" {
  user   = aws_iam_user.admin.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}]],
      [[
resource "aws_s3_bucket" "logs" { bucket = "logs" }
resource "aws_s3_bucket_object_lock_configuration" "logs" {
  bucket              = aws_s3_bucket.logs.id
  object_lock_enabled = "Enabled"
  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = 365
    }
  }
}
resource "aws_cloudtrail" "dont_fire" {
  name           = "main"
  s3_bucket_name = aws_s3_bucket.logs.id
}
resource "aws_iam_user" "admin" { name = "admin" }
resource "aws_iam_user_policy" "admin" {
  user   = aws_iam_user.admin.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}]],
    },
    unknown = { [[
resource "google_logging_project_sink" "t" {
  name        = "audit"
  destination = "storage.googleapis.com/logs-of-another-project"
}]], [[
resource "aws_cloudtrail" "t" {
  name           = "main"
  s3_bucket_name = "logs-of-another-account"
}]] },
  },
}
