local secrets = lib "secrets"

return rule {
  id = "TF-006", title = "Variable default or tfvars file holds a secret",
  severity = "critical", category = "secrets",
  version = 2, changes = { "silent where a rule about the form of the secret says more" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = { "terraform.variable", "terraform.assignment" },
  where = function(e) return e.raw.first end,
  yields_to = {
    "SEC-001", "SEC-002", "SEC-003", "SEC-004", "SEC-005", "SEC-006", "SEC-007", "SEC-008", "SEC-009", "SEC-010", "SEC-011",
    "SEC-012"
  },
  description = [[A default or tfvars file is part of the repository, and so is its history.]],
  remediation = [[Take the value out, change it at its issuer, and pass it from the pipeline's secret store (`TF_VAR_…`, a data source).]],
  references = { "https://developer.hashicorp.com/terraform/language/values/variables" },
  check = function(e)
    local value
    if e.kind == "terraform.variable" then value = e.raw.default else value = e.raw.value end
    if value == nil or type(value) ~= "string" then return end
    local kind = secrets.kind(value)
    if kind ~= nil and not secrets.is_placeholder(value) then
      return fail((e.kind == "terraform.variable" and "the default of " or "the value of ") .. e.name .. " holds " .. kind)
    end
    if secrets.holds(e.name, value) and #value < 400 then
      return fail((e.kind == "terraform.variable" and "the default of " or "the value of ") .. e.name .. " is a secret in plain text")
    end
  end,
  tests = {
    fail = { [[
variable "fire_password" {
  default = "Tr0ub4dor-9"
}]], files { ["main.tf"] = [[variable "token" { sensitive = true }]], ["terraform.tfvars"] = [[
token = "Tr0ub4dor-9"
]] } },
    pass = { [[
variable "db_password" {
  sensitive = true
  default   = ""
}
variable "agent_secrets" { default = "ci-agent-k8s-secrets" }
variable "password_length" { default = "16" }
variable "secret_arn" { default = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db" }]] },
  },
}
