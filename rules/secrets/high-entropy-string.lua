local candidate = lib "candidate"

return rule {
  id = "SEC-014", title = "High-entropy string",
  severity = "low", category = "secrets",
  version = 2, changes = { "names of keys in tokens and sets of keys pass; silent where a rule says more about the same place" },
  aliases = {
    ["CKV_SECRET_6"] = "base64",
    ["CKV_SECRET_19"] = "hex",
    ["CKV_SECRET_80"] = { "base64", "hex" },
  },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "secret.entropy",
  yields_to = {
    "ANS-004", "ARGO-008", "AWS-EC2-004", "AWS-LAMBDA-001", "AWS-RDS-008", "AWS-SM-003", "AWS-SSM-003", "AWS-VPN-002", "GCP-GCE-010",
    "GCP-SM-002", "HELM-004", "K8S-CERT-003", "K8S-CFG-001", "K8S-CFG-002", "K8S-POD-035", "KUST-002", "TF-006", "TF-008"
  },
  description = [[What is as random as a key mostly is one. The limits are the parameters `min_entropy_base64` (4.5 bits a
character) and `min_entropy_hex` (3.0).]],
  remediation = [[If it is a secret, revoke it and read it from a secret store; else say so with `# assay:ignore SEC-014 reason="…"`.]],
  references = { "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html" },
  check = function(c)
    if candidate.allowed(c) then return end
    if candidate.in_test_code(c.path) then return end
    if one_of(c.key, "kid", "jti", "nonce") then return end -- names in tokens and sets of keys
    local limit = c.hex and param("min_entropy_hex", 3.0) or param("min_entropy_base64", 4.5)
    if c.entropy < limit then return end
    local case = c.hex and "hex" or "base64"
    return candidate.report(c, { case = case })
  end,
  tests = {
    fail = { files { ["app.py"] = [[
cookie_salt_b = "aMhmpgppa0nLgTEToD4uyetiAY2bv6dFvpcLOGQOpCHV5v7s"
]] }, files { ["app.py"] = [[
hmac_salt = "818d8962058765a6ca7cff00d796c25410335b400141212b"
]] } },
    pass = { files { ["jwks.json"] = [[
{"keys": [{"kty": "RSA", "kid": "aMhmpgppa0nLgTEToD4uyetiAY2bv6dFvpcLOGQOpCHV5v7s", "e": "AQAB"}]}
]] }, files { ["app.py"] = [[
# parameters: {"min_entropy_base64": 5.9}
cookie_salt_b = "M090i5qE43w6t8YGPNNHCC826zwoF0wooSeGIGywpNSUVbQB"
]] } },
  },
}
