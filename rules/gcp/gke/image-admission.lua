return rule {
  id = "GCP-GKE-013", title = "Image signatures are not enforced at admission",
  severity = "medium", category = "supply-chain",
  aliases = { CKV_GCP_66 = "cluster" },
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = { "gcp.container.cluster", "gcp.container.admission_policy" },
  description = [[Without Binary Authorization the cluster runs every image that it is given, whoever built it.]],
  remediation = [[Set `binary_authorization { evaluation_mode = "PROJECT_SINGLETON_POLICY_ENFORCE" }`, and require attestations in the
policy of the project.]],
  references = { "https://cloud.google.com/binary-authorization/docs/overview" },
  check = function(e)
    if e.kind == "gcp.container.cluster" then
      if one_of(e.admission.mode, "PROJECT_SINGLETON_POLICY_ENFORCE", true) or e.admission.enabled then return end
      return fail("cluster " .. e.name .. " does not check who built an image", { case = "cluster", at = "admission.mode" })
    end
    if e.mode == "ALWAYS_ALLOW" then
      return fail("the admission policy admits every image (" .. e.mode .. ")", { case = "policy", at = "mode" })
    end
    if e.enforcement == "DRYRUN_AUDIT_LOG_ONLY" then
      return fail("the admission policy only logs what it would refuse", { case = "policy", at = "enforcement" })
    end
  end,
  fix = set("admission.mode", "PROJECT_SINGLETON_POLICY_ENFORCE", "cluster"),
  tests = {
    fail = { live [[
[{"type": "gcp:container:cluster", "id": "fire", "name": "fire",
  "body": {"name": "fire"}}]
]], [[
resource "google_container_cluster" "fire" { name = "fire" }]], [[
resource "google_binary_authorization_policy" "fire" {
  default_admission_rule {
    evaluation_mode  = "ALWAYS_ALLOW"
    enforcement_mode = "ENFORCED_BLOCK_AND_AUDIT_LOG"
  }
}]] },
    pass = { live [[
[{"type": "gcp:container:cluster", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "binaryAuthorization": {"evaluationMode": "PROJECT_SINGLETON_POLICY_ENFORCE"}}}]
]], [[
resource "google_container_cluster" "dont_fire" {
  name = "dont_fire"
  binary_authorization { evaluation_mode = "PROJECT_SINGLETON_POLICY_ENFORCE" }
}]], [[
resource "google_binary_authorization_policy" "dont_fire" {
  default_admission_rule {
    evaluation_mode         = "REQUIRE_ATTESTATION"
    enforcement_mode        = "ENFORCED_BLOCK_AND_AUDIT_LOG"
    require_attestations_by = ["projects/p/attestors/a"]
  }
}]] },
    unknown = { [[
variable "mode" {}
resource "google_container_cluster" "a" {
  name = "a"
  binary_authorization { evaluation_mode = var.mode }
}]] },
  },
}
