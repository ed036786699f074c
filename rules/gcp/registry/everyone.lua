local gcp = lib "gcp"

-- Whether a binding is about the bucket of a registry that is not in the scan, by the bucket's name.
local function of_registry(e)
  return known(e.bucket) and e.bucket ~= nil and match(e.bucket, "^(?:[a-z]+\\.)?artifacts\\.[a-z0-9:.-]+\\.appspot\\.com$") ~= nil
end

return rule {
  id = "GCP-AR-001", title = "Registry can be read or written by anyone",
  severity = "critical", category = "least-privilege",
  aliases = { CKV_GCP_101 = "repository", CKV2_GCP_9 = "registry" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "gcp.registry.binding", "gcp.registry.legacy", "gcp.storage.bucket_iam" },
  where = function(e) return e.kind ~= "gcp.storage.bucket_iam" or of_registry(e) end,
  description = [[Images hold code and often credentials; who may write them runs code wherever they are started.]],
  remediation = [[Name the identities that pull and push.]],
  references = { "https://cloud.google.com/artifact-registry/docs/access-control" },
  -- A registry of the scan is judged by the bindings of its bucket, as the other checkers do.
  check = function(e)
    if e.kind == "gcp.registry.binding" then return gcp.judge_everyone(e, "the repository", "repository") end
    if e.kind == "gcp.registry.legacy" then return gcp.judge_bindings(e, "gcp.storage.bucket_iam", "registry") end
    return gcp.judge_everyone(e, "the bucket of the registry", "registry")
  end,
  tests = {
    fail = { assets [[
[{"name": "//artifactregistry.googleapis.com/projects/shop/locations/europe-west3/repositories/r", "assetType": "artifactregistry.googleapis.com/Repository",
  "iamPolicy": {"bindings": [{"role": "roles/artifactregistry.reader", "members": ["allUsers"]}]}}]
]], [[
resource "google_artifact_registry_repository_iam_member" "fire" {
  repository = "r"
  role       = "roles/artifactregistry.reader"
  member     = "allUsers"
}]], [[
resource "google_container_registry" "fire" { location = "EU" }
resource "google_storage_bucket_iam_member" "m" {
  bucket = google_container_registry.fire.id
  role   = "roles/storage.objectViewer"
  member = "allAuthenticatedUsers"
}]], [[
resource "google_storage_bucket_iam_member" "fire" {
  bucket = "eu.artifacts.acme-shop.appspot.com"
  role   = "roles/storage.objectViewer"
  member = "allUsers"
}]] },
    pass = { assets [[
[{"name": "//artifactregistry.googleapis.com/projects/shop/locations/europe-west3/repositories/r", "assetType": "artifactregistry.googleapis.com/Repository",
  "iamPolicy": {"bindings": [{"role": "roles/artifactregistry.reader", "members": ["serviceAccount:nodes@shop.iam.gserviceaccount.com"]}]}}]
]], [[
resource "google_artifact_registry_repository_iam_binding" "dont_fire" {
  repository = "r"
  role       = "roles/artifactregistry.reader"
  members    = ["serviceAccount:nodes@p.iam.gserviceaccount.com"]
}]] },
    unknown = { [[
variable "who" {}
resource "google_artifact_registry_repository_iam_member" "a" {
  repository = "r"
  role       = "roles/artifactregistry.reader"
  member     = var.who
}]] },
  },
}
