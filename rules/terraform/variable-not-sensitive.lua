local secrets = lib "secrets"

-- How the description of a variable begins that only says which secret is meant.
local points = "(?i)^(?:the |an? )?(?:full )?(?:names?|arns?|ids?|identifiers?|paths?|ur[il]s?|references?) (?:of|to|for|in) "

-- In Terraform an encryption_key mostly names a key of a KMS. A switch or a number of that name is no secret, and neither is a tree of settings.
local function holds_text(e)
  if match(e.raw.description or "", points) then
    return false
  end
  if known(e.raw.default) and type(e.raw.default) == "string" and secrets.is_its_name(e.name, e.raw.default) then return false end
  if match(e.name, "(?:^|_)(?:encryption|kms|cmek)_key$") then return false end
  local kind = e.raw.type or "any"
  return not match(kind, "^(?:bool|number|object|map|list|set|tuple)") and not (known(e.raw.default) and type(e.raw.default) == "boolean")
end

return rule {
  id = "TF-005", title = "Variable that carries a secret is not marked sensitive",
  severity = "medium", category = "secrets",
  version = 2, changes = { "a variable that only says which secret is meant passes" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "terraform.variable",
  where = function(e) return e.raw.first and secrets.named(e.name) and holds_text(e) end,
  description = [[Values of variables are printed in plans and logs, unless the variable is sensitive. An ephemeral one is not stored either.]],
  remediation = [[Add `sensitive = true` (or `ephemeral = true`) to the variable.]],
  references = { "https://developer.hashicorp.com/terraform/language/values/variables#suppressing-values-in-cli-output" },
  check = function(e)
    if e.raw.sensitive or e.raw.ephemeral then return end
    return fail("variable " .. e.name .. " carries a secret and is not sensitive")
  end,
  tests = {
    fail = { [[variable "fire_password" { type = string }]], [[variable "fire_api_key" {}]] },
    pass = { [[
variable "app_secret" {
  default = "shop-app-secret"
}
variable "registry_token" {
  description = "Name of the secret in Secrets Manager that holds the token."
}
variable "other_token" { sensitive = true }]], [[
variable "db_password" {
  type      = string
  sensitive = true
}]], [[
variable "api_token" {
  type      = string
  ephemeral = true
}]] },
  },
}
