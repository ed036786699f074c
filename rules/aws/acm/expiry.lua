local time = lib "time"

return rule {
  id = "AWS-ACM-003", title = "Certificate has expired, or expires soon and is not renewed by itself",
  severity = "high", category = "encryption",
  aliases = { "AVD-AWS-0168" },
  frameworks = { "CIS-AWS-3.0:1.19", "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = { "aws.acm.certificate", "aws.iam.server_certificate" },
  where = function(e) return e.origin == "live" end,
  description = [[Clients turn away from an expired certificate. ACM renews those that it issued itself and that are in use; imported ones,
and those in IAM, nobody renews. How early it is said is the parameter `expiry_days`.]],
  remediation = [[Import the successor, or let ACM issue the certificate and validate it by DNS; delete what is not used.]],
  references = { "https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_server-certs.html" },
  check = function(e)
    local ends = time.day(e.expires)
    if ends == nil then unknown("the end of the certificate is not known") end
    local left = ends - time.now(e)
    if left < 0 then return fail("certificate " .. e.name .. " expired " .. -left .. " days ago", { at = "expires" }) end
    if left > param("expiry_days", 30) then return end
    if e.kind == "aws.acm.certificate" and e.source ~= "IMPORTED" and e.renewal == "ELIGIBLE" then return end
    return fail("certificate " .. e.name .. " expires in " .. left .. " days, and nobody renews it by itself", { at = "expires" })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:acm:certificate", "name": "fire", "time": "2026-03-01T00:00:00Z",
  "body": {"NotAfter": "2026-03-20T00:00:00+00:00", "Type": "IMPORTED", "RenewalEligibility": "INELIGIBLE"}},
 {"type": "aws:iam:server-certificate", "name": "fire", "time": "2026-03-01T00:00:00Z",
  "body": {"ServerCertificateName": "old", "Expiration": "2025-03-20T00:00:00Z"}}]
]] },
    pass = { live [[
[{"type": "aws:acm:certificate", "name": "dont_fire", "time": "2026-03-01T00:00:00Z",
  "body": {"NotAfter": "2026-03-20T00:00:00+00:00", "Type": "AMAZON_ISSUED", "RenewalEligibility": "ELIGIBLE"}},
 {"type": "aws:iam:server-certificate", "name": "dont_fire", "time": "2026-03-01T00:00:00Z",
  "body": {"Expiration": "2026-09-20T00:00:00Z"}}]
]] },
    unknown = { live [[
[{"type": "aws:acm:certificate", "name": "a", "body": {"NotAfter": "2026-03-20T00:00:00Z", "Type": "IMPORTED"}}]
]] },
  },
}
