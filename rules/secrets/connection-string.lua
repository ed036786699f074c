local candidate = lib "candidate"

return rule {
  id = "SEC-005", title = "Credentials inside an address or connection string",
  severity = "critical", category = "secrets",
  version = 2, changes = { "addresses in the code of tests and below testdata/ are findings of severity info" },
  aliases = { "CKV_SECRET_4" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "secret.connection",
  description = [[Addresses are logged, shown in process lists and copied into tickets, with the password in them.]],
  remediation = [[Keep the password in a secret store and put the address together at run time; change the password.]],
  references = { "https://12factor.net/config" },
  check = function(c)
    if candidate.allowed(c) then return end
    return candidate.report(c)
  end,
  tests = {
    fail = { files { ["settings.yaml"] = [[
database: postgres://orders:Tr0ub4dor-9@db.internal:5432/orders
]] }, [[
locals { word = "Tr0ub4dor" }
resource "aws_ssm_parameter" "fire" {
  name  = "dsn"
  type  = "String"
  value = "postgres://orders:${local.word}-9@db.internal/orders"
}]], files { ["tests/test_orders.py"] = [[
DSN = "postgres://orders:Tr0ub4dor-9@db.internal:5432/orders"
]] } },
    pass = { files { ["settings.yaml"] = [[
# parameters: {"secret_allowed_paths": ["settings.yaml"]}
database: postgres://orders:Tr0ub4dor-9@db.internal:5432/orders
]] } },
  },
}
