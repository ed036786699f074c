local secrets = lib "secrets"

local credential = "^(?:access_key|secret_key|token|password|api_key|app_key|api_token|client_secret|client_key|credentials"
  .. "|private_key|secret_id|key_material|secret|personal_access_token|auth_token)$"

-- AWS keys by their form, as CKV_AWS_41 has it: an example key shows where the real one goes.
local function is_credential(provider, name, value)
  if provider == "aws" and name ~= "token" then
    return match(value, "^(?:[A-Z0-9]{20}|[A-Za-z0-9/+]{40})$") ~= nil
  end
  if match(value, "(?i)^(?:test|mock|fake|dummy|localstack|anything)") then return false end
  if name == "credentials" then return match(value, "private_key") ~= nil end
  return secrets.literal(value)
end

return rule {
  id = "TF-008", title = "Provider carries static credentials",
  severity = "critical", category = "secrets",
  aliases = { "CKV_AWS_41" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "terraform.provider",
  description = [[Static credentials in a provider block are in the repository, its history and every copy of it.]],
  remediation = [[Remove them; let the provider read its environment, a role (`assume_role`, workload identity) or a secret store.]],
  references = { "https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration" },
  check = function(e)
    return each(keys(e.raw.values or {}), function(name)
      if not match(name, credential) then return end
      local value = known(e.raw.values[name]) and e.raw.values[name] or nil -- what a variable gives is no literal
      if type(value) == "string" and is_credential(e.name, name, value) then
        return fail("provider " .. e.name .. " carries " .. name .. " as a literal", { at = "raw.values." .. name })
      end
    end)
  end,
  tests = {
    fail = { [[
provider "aws" {
  region     = "eu-west-1"
  access_key = "AKIAIOSFODNN7EXAMPLE"
  secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
}]], [[provider "datadog" { api_key = "9775a026f1ca7d1c6c5af9d94d9595a4" }]] },
    pass = { [[provider "aws" { region = "eu-west-1" }]], [[
provider "aws" {
  access_key = "test"
  secret_key = "test"
}]], [[
variable "token" {}
provider "github" { token = var.token }]] },
  },
}
