local candidate = lib "candidate"

return rule {
  id = "SEC-013", title = "Assignment to a secret-named key",
  severity = "medium", category = "secrets",
  version = 2, changes = { "silent where a rule says more about the same place; CKV_SECRET_6 stands for what has three bits a character" },
  -- Under such a key Checkov takes three bits a character for random (CKV_SECRET_6, ENTROPY_KEYWORD_COMBINATOR_LIMIT).
  aliases = {
    ["CKV_SECRET_10"] = { "plain", "random" },
    ["CKV_SECRET_6"] = "random",
  },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "secret.named",
  yields_to = {
    "ANS-004", "ARGO-008", "AWS-EC2-004", "AWS-LAMBDA-001", "AWS-RDS-008", "AWS-SM-003", "AWS-SSM-003", "AWS-VPN-002", "GCP-GCE-010",
    "GCP-SM-002", "HELM-004", "K8S-CERT-003", "K8S-CFG-001", "K8S-CFG-002", "K8S-POD-035", "KUST-002", "TF-006", "TF-008"
  },
  description = [[A literal password is known to everybody who can read the code, for as long as its history lives.]],
  remediation = [[Take the value from a secret store, a mounted file or the environment, and change it. Mark what is no secret
with `# assay:ignore SEC-013 reason="…"`.]],
  references = { "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html" },
  check = function(c)
    if candidate.allowed(c) then return end
    if candidate.in_test_code(c.path) then return end
    return candidate.report(c, { case = c.entropy >= 3 and "random" or "plain" })
  end,
  tests = {
    fail = { files { ["settings.yaml"] = [[
fire_password: Tr0ub4dor-9
]] }, [[
variable "fire_db_password" {
  default = "Tr0ub4dor-9"
}]], yaml [[
apiVersion: v1
kind: Secret
metadata: { name: db }
data: { password: VHIwdWI0ZG9yLTk= }
]] },
    pass = { files { ["client_test.go"] = [[
package client

var password = "Tr0ub4dor-9"
]] } },
  },
}
