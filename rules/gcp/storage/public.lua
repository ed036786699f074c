local gcp = lib "gcp"
local tags = lib "tags"

local canned = { publicRead = true, publicReadWrite = true, authenticatedRead = true }

local function judge_live(e)
  return each({ "acl", "defaultObjectAcl" }, function(key)
    return each(items(e.raw[key] or {}), function(entry)
      if gcp.everyone(entry.entity) and not (entry.role == "READER" and e.classification == "public") then
        return fail("the access control list of " .. (key == "acl" and "bucket " or "new objects in bucket ") .. e.name .. " names "
          .. entry.entity .. " as " .. tostring(entry.role), { case = "acl", at = entry })
      end
    end)
  end)
end

return rule {
  id = "GCP-GCS-001", title = "Bucket is open to everyone",
  severity = "critical", category = "least-privilege",
  version = 2, changes = { "judged on live answers too" },
  aliases = { CKV_GCP_28 = "binding", ["AVD-GCP-0001"] = "binding" },
  frameworks = { "CIS-GCP-3.0:5.1", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "gcp.storage.bucket_iam", "gcp.storage.acl", "gcp.storage.bucket" },
  -- A live bucket shows its lists itself; in code they are resources of their own.
  where = function(e) return e.kind ~= "gcp.storage.bucket" or e.origin == "live" end,
  description = [[allUsers is the whole internet, allAuthenticatedUsers is whoever has a Google account.]],
  remediation = [[Grant the role to the identities that need it, and enforce public access prevention on the bucket.]],
  references = { "https://cloud.google.com/storage/docs/access-control/making-data-public" },
  check = function(e)
    if e.kind == "gcp.storage.bucket" then return judge_live(e) end
    if e.kind == "gcp.storage.acl" then
      local acl = e.raw.predefined_acl
      if acl ~= nil and canned[acl] then
        return fail("the access control list " .. acl .. " opens the bucket to everyone", { case = "acl", at = "predefined_acl" })
      end
      return each(items(e.raw.role_entity), function(entry)
        if match(entry, ":(?:allUsers|allAuthenticatedUsers)$") then
          return fail("the access control list has the entry " .. entry, { case = "acl", at = "role_entity" })
        end
      end)
    end
    return gcp.each_member(e, function(member, binding)
      -- What is classified as public may be read by everyone.
      local reads = one_of(binding.role, "roles/storage.objectViewer", "roles/storage.legacyObjectReader")
      if gcp.everyone(member) and not (reads and tags.public(e, "bucket")) then
        return fail(member .. " has " .. (binding.role or "a role") .. " on the bucket", { case = "binding" })
      end
    end)
  end,
  tests = {
    fail = { assets [[
[{"name": "//storage.googleapis.com/b", "assetType": "storage.googleapis.com/Bucket",
  "iamPolicy": {"bindings": [{"role": "roles/storage.objectViewer", "members": ["allUsers"]}]}}]
]], assets [[
[{"name": "//storage.googleapis.com/fire", "assetType": "storage.googleapis.com/Bucket",
  "resource": {"data": {"kind": "storage#bucket",
    "name": "fire",
    "location": "EU",
    "acl": [{"kind": "storage#bucketAccessControl", "entity": "project-owners-123", "role": "OWNER"},
      {"kind": "storage#bucketAccessControl", "entity": "allUsers", "role": "READER"}]}}}]
]], [[
resource "google_storage_bucket_iam_member" "fire" {
  bucket = "b"
  role   = "roles/storage.objectViewer"
  member = "allUsers"
}]], [[
resource "google_storage_bucket_iam_binding" "fire" {
  bucket  = "b"
  role    = "roles/storage.objectViewer"
  members = ["user:a@example.com", "allAuthenticatedUsers"]
}]], [[
data "google_iam_policy" "p" {
  binding {
    role    = "roles/storage.objectViewer"
    members = ["allUsers"]
  }
}
resource "google_storage_bucket_iam_policy" "fire" {
  bucket      = "b"
  policy_data = data.google_iam_policy.p.policy_data
}]], [[
resource "google_storage_bucket_acl" "fire" {
  bucket      = "b"
  role_entity = ["READER:allUsers"]
}]] },
    pass = { assets [[
[{"name": "//storage.googleapis.com/b", "assetType": "storage.googleapis.com/Bucket",
  "iamPolicy": {"bindings": [{"role": "roles/storage.objectViewer", "members": ["group:staff@example.com"]}]}}]
]], assets [[
[{"name": "//storage.googleapis.com/dont-fire", "assetType": "storage.googleapis.com/Bucket",
  "resource": {"data": {"kind": "storage#bucket",
    "name": "dont-fire",
    "location": "EU",
    "acl": [{"kind": "storage#bucketAccessControl", "entity": "project-owners-123", "role": "OWNER"}],
    "defaultObjectAcl": [{"entity": "project-viewers-123", "role": "READER"}]}}}]
]], [[
resource "google_storage_bucket" "site" {
  name     = "site"
  location = "EU"
  labels   = { data_classification = "public" }
}
resource "google_storage_bucket_iam_member" "dont_fire" {
  bucket = google_storage_bucket.site.name
  role   = "roles/storage.objectViewer"
  member = "allUsers"
}]], [[
resource "google_storage_bucket_iam_member" "dont_fire" {
  bucket = "b"
  role   = "roles/storage.objectViewer"
  member = "group:staff@example.com"
}]], [[
resource "google_storage_default_object_acl" "dont_fire" {
  bucket      = "b"
  role_entity = ["OWNER:user-a@example.com"]
}]] },
    unknown = { [[
variable "who" {}
resource "google_storage_bucket_iam_member" "a" {
  bucket = "b"
  role   = "roles/storage.objectViewer"
  member = var.who
}]] },
  },
}
