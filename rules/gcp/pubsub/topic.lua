local gcp, values = lib "gcp", lib "values"

return rule {
  id = "GCP-PS-001", title = "Topic is open to everyone or lacks a customer managed key",
  severity = "high", category = "least-privilege",
  aliases = { CKV_GCP_83 = "key", CKV_GCP_99 = "binding" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "gcp.pubsub.topic", "gcp.pubsub.binding" },
  description = [[Who may publish to a topic feeds whatever listens; who may subscribe reads everything.]],
  remediation = [[Name the identities that need the role; set `kms_key_name`.]],
  references = { "https://cloud.google.com/pubsub/docs/access-control", "https://cloud.google.com/pubsub/docs/encryption" },
  check = function(e)
    if e.kind == "gcp.pubsub.binding" then return gcp.judge_everyone(e, "the topic", "binding") end
    if not values.set(e, e.encryption, "key") then
      return fail("topic " .. e.name .. " has no key of its own", { case = "key", severity = "medium", at = "encryption.key" })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "gcp:pubsub:topic", "id": "fire", "name": "fire",
  "body": {"name": "projects/p/topics/fire"}}]
]], [[
resource "google_pubsub_topic" "fire" { name = "fire" }]], [[
resource "google_pubsub_topic_iam_binding" "fire" {
  topic   = "t"
  role    = "roles/pubsub.publisher"
  members = ["user:a@example.com", "allUsers"]
}]] },
    pass = { live [[
[{"type": "gcp:pubsub:topic", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "projects/p/topics/dont_fire", "kmsKeyName": "projects/p/locations/l/keyRings/r/cryptoKeys/k"}}]
]], [[
resource "google_kms_crypto_key" "k" { name = "k" }
resource "google_pubsub_topic" "dont_fire" {
  name         = "dont_fire"
  kms_key_name = google_kms_crypto_key.k.id
}
resource "google_pubsub_topic_iam_member" "dont_fire" {
  topic  = google_pubsub_topic.dont_fire.name
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:app@p.iam.gserviceaccount.com"
}]] },
    unknown = { [[
variable "who" {}
resource "google_pubsub_topic_iam_member" "a" {
  topic  = "t"
  role   = "roles/pubsub.publisher"
  member = var.who
}]] },
  },
}
