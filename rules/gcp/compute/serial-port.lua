local gcp = lib "gcp"

return rule {
  id = "GCP-GCE-006", title = "Serial port access is on",
  severity = "medium", category = "network",
  aliases = { "CKV_GCP_35", "AVD-GCP-0032" },
  frameworks = { "CIS-GCP-3.0:4.5", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.compute.instance",
  description = [[The serial console is reached from any address, past the firewall rules of the network.]],
  remediation = [[Remove `serial-port-enable` from the machine's metadata; turn it on for the time of a repair.]],
  references = { "https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-using-serial-console" },
  check = function(e)
    if gcp.truthy(gcp.metadata(e, "serial-port-enable")) then
      return fail("instance " .. e.name .. " lets its serial port be reached", { at = "metadata" })
    end
  end,
  fix = set("raw.metadata.serial-port-enable", "FALSE"),
  tests = {
    fail = { live [[
[{"type": "gcp:compute:instance", "id": "fire", "name": "fire",
  "body": {"name": "fire", "metadata": {"items": [{"key": "serial-port-enable", "value": "1"}]}}}]
]], [[
resource "google_compute_instance" "fire" {
  name     = "fire"
  metadata = { serial-port-enable = "TRUE" }
}]] },
    pass = { live [[
[{"type": "gcp:compute:instance", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "metadata": {"items": []}}}]
]], [[
resource "google_compute_instance" "dont_fire" {
  name     = "dont_fire"
  metadata = { serial-port-enable = false }
}]], [[
resource "google_compute_instance_template" "dont_fire" {}]] },
    unknown = { [[
variable "serial" {}
resource "google_compute_instance" "a" {
  name     = "a"
  metadata = { serial-port-enable = var.serial }
}]] },
  },
}
