local gcp = lib "gcp"

return rule {
  id = "GCP-GCE-005", title = "Project-wide SSH keys reach the instance",
  severity = "medium", category = "least-privilege",
  aliases = { "CKV_GCP_32", "AVD-GCP-0030" },
  frameworks = { "CIS-GCP-3.0:4.3", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "gcp.compute.instance",
  description = [[A key in the project's metadata opens every machine that does not refuse it.]],
  remediation = [[Set `block-project-ssh-keys = "true"` in the machine's metadata.]],
  references = { "https://cloud.google.com/compute/docs/connect/restrict-ssh-keys" },
  check = function(e)
    if not gcp.truthy(gcp.metadata(e, "block-project-ssh-keys")) then
      return fail("instance " .. e.name .. " accepts the SSH keys of the project", { at = "metadata" })
    end
  end,
  fix = set("raw.metadata.block-project-ssh-keys", "TRUE"),
  tests = {
    fail = { live [[
[{"type": "gcp:compute:instance", "id": "fire", "name": "fire",
  "body": {"name": "fire", "metadata": {"items": []}}}]
]], [[
resource "google_compute_instance" "fire" { name = "fire" }]], [[
resource "google_compute_instance_template" "fire" {
  metadata = { block-project-ssh-keys = false }
}]] },
    pass = { live [[
[{"type": "gcp:compute:instance", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "metadata": {"items": [{"key": "block-project-ssh-keys", "value": "true"}]}}}]
]], [[
resource "google_compute_instance" "dont_fire" {
  name     = "dont_fire"
  metadata = { block-project-ssh-keys = "TRUE" }
}]] },
    unknown = { [[
variable "metadata" { type = map(string) }
resource "google_compute_instance" "a" {
  name     = "a"
  metadata = var.metadata
}]] },
  },
}
