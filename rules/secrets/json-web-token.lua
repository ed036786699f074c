local candidate = lib "candidate"

return rule {
  id = "SEC-004", title = "JSON Web Token",
  severity = "high", category = "secrets",
  version = 2, changes = { "tokens in the code of tests and below testdata/ are findings of severity info" },
  aliases = { "CKV_SECRET_9", "jwt-token" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "secret.jwt",
  description = [[A bearer token is taken at face value by every service that trusts its issuer.]],
  remediation = [[Revoke the session or rotate the signing key; let callers fetch short-lived tokens at run time.]],
  references = { "https://www.rfc-editor.org/rfc/rfc8725" },
  check = function(c)
    if candidate.allowed(c) then return end
    if c.expired then return end
    return candidate.report(c)
  end,
  tests = {
    fail = { files { ["client.py"] = [[
session = connect("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzdmMtb3JkZXJzIiwiaXNzIjoiYXV0aC5pbnRlcm5hbCJ9.kq8Jw2Zt5Xb1Vn7Mc3Lp9Rf6Hd4Gs0Ya-TeUiOoPlKj")
]] }, files { ["auth/client_test.go"] = [[
package auth

const bearer = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzdmMtb3JkZXJzIiwiaXNzIjoiYXV0aC5pbnRlcm5hbCJ9.kq8Jw2Zt5Xb1Vn7Mc3Lp9Rf6Hd4Gs0Ya-TeUiOoPlKj"
]] } },
    pass = { files { ["client.py"] = [[
session = connect("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzdmMtb3JkZXJzIiwiaXNzIjoiYXV0aC5pbnRlcm5hbCIsImV4cCI6MTYwMDAwMDAwMH0.kq8Jw2Zt5Xb1Vn7Mc3Lp9Rf6Hd4Gs0Ya-TeUiOoPlKj")
]] } },
  },
}
