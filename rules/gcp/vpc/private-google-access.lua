return rule {
  id = "GCP-VPC-008", title = "Subnetwork reaches Google services over public addresses",
  severity = "low", category = "network",
  aliases = { CKV_GCP_74 = "ipv4", CKV_GCP_76 = "ipv6", ["AVD-GCP-0075"] = "ipv4" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.compute.subnetwork",
  -- Subnetworks of proxies, of Private Service Connect and of Private NAT have no machines; Checkov leaves out the first alone.
  where = function(e)
    return not known(e.purpose)
      or not one_of(e.purpose, "INTERNAL_HTTPS_LOAD_BALANCER", "REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY", "PRIVATE_SERVICE_CONNECT",
        "PRIVATE_NAT")
  end,
  description = [[Without private access machines need public addresses to reach Google's services.]],
  remediation = [[Set `private_ip_google_access = true`, on dual-stack subnetworks `private_ipv6_google_access` too.]],
  references = { "https://cloud.google.com/vpc/docs/private-google-access" },
  check = function(e)
    if not e.purpose then return end -- unknown where it is not known
    return each({ "ipv4", "ipv6" }, function(case)
      if case == "ipv4" and not e.private_access then
        return fail("subnetwork " .. e.name .. " reaches Google's services over public addresses", { case = case, at = "private_access" })
      end
      if case == "ipv6" and e.stack == "IPV4_IPV6"
        and not one_of(e.private_ipv6_access, "ENABLE_OUTBOUND_VM_ACCESS_TO_GOOGLE", "ENABLE_BIDIRECTIONAL_ACCESS_TO_GOOGLE") then
        return fail("subnetwork " .. e.name .. " reaches Google's services over public IPv6 addresses",
          { case = case, at = "private_ipv6_access" })
      end
    end)
  end,
  fix = { set("private_access", true, "ipv4"),
    set("private_ipv6_access", "ENABLE_OUTBOUND_VM_ACCESS_TO_GOOGLE", "ipv6") },
  tests = {
    fail = { live [[
[{"type": "gcp:compute:subnetwork", "id": "fire", "name": "fire",
  "body": {"name": "fire", "privateIpGoogleAccess": false}}]
]], [[resource "google_compute_subnetwork" "fire" { network = "n" }]], [[
resource "google_compute_subnetwork" "fire" {
  private_ip_google_access = true
  stack_type               = "IPV4_IPV6"
}]] },
    pass = { live [[
[{"type": "gcp:compute:subnetwork", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "privateIpGoogleAccess": true}}]
]], [[resource "google_compute_subnetwork" "dont_fire" { private_ip_google_access = true }]] },
    unknown = { [[
variable "p" { type = bool }
resource "google_compute_subnetwork" "a" { private_ip_google_access = var.p }]] },
  },
}
