local gcp = lib "gcp"

return rule {
  id = "GCP-GCE-001", title = "Instance has a public address",
  severity = "high", category = "network",
  aliases = { "CKV_GCP_40", "AVD-GCP-0031" },
  frameworks = { "CIS-GCP-3.0:4.9", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.compute.instance",
  description = [[A machine with a public address can be reached by whoever a firewall rule lets in, today's or tomorrow's.]],
  remediation = [[Remove `access_config` from the network interfaces; reach out through Cloud NAT, reach in through a load balancer
or the Identity-Aware Proxy.]],
  references = { "https://cloud.google.com/compute/docs/ip-addresses" },
  check = function(e)
    local source = gcp.source(e, "network_interface")
    return each(source.interfaces or {}, function(interface)
      if #list(interface.access_config or interface.accessConfigs) > 0 then
        return fail("instance " .. e.name .. " has a public address", { at = interface })
      end
      if #list(interface.ipv6_access_config or interface.ipv6AccessConfigs) > 0 then
        return fail("instance " .. e.name .. " has a public IPv6 address", { at = interface })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "gcp:compute:instance", "id": "fire", "name": "fire",
  "body": {"name": "fire", "networkInterfaces": [{"network": "n", "accessConfigs": [{"type": "ONE_TO_ONE_NAT", "natIP": "203.0.113.1"}]}]}}]
]], [[
resource "google_compute_instance" "fire" {
  name = "fire"
  network_interface {
    network = "n"
    access_config {}
  }
}]], [[
resource "google_compute_instance_template" "fire" {
  network_interface { network = "n" }
  network_interface {
    network = "m"
    access_config { nat_ip = "203.0.113.1" }
  }
}]], [[
resource "google_compute_instance_template" "fire" {
  network_interface {
    network = "n"
    access_config {}
  }
}
resource "google_compute_instance_from_template" "fire" {
  name                     = "fire"
  source_instance_template = google_compute_instance_template.fire.id
}]] },
    pass = { live [[
[{"type": "gcp:compute:instance", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "networkInterfaces": [{"network": "n"}]}}]
]], [[
resource "google_compute_instance" "dont_fire" {
  name = "dont_fire"
  network_interface { network = "n" }
}]] },
    unknown = { [[
variable "public" { type = list(string) }
resource "google_compute_instance" "a" {
  network_interface {
    network = "n"
    dynamic "access_config" {
      for_each = var.public
      content { nat_ip = access_config.value }
    }
  }
}]], [[
variable "template" {}
resource "google_compute_instance_from_template" "a" {
  name                     = "a"
  source_instance_template = var.template
}]] },
  },
}
