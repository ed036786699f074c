local secrets = lib "secrets"

-- Attributes that providers declare sensitive, as patterns, by type.
local secret_attributes = {
  aws_iam_access_key = "secret|ses_smtp_password_v4", aws_db_instance = "password", aws_rds_cluster = "master_password",
  aws_secretsmanager_secret_version = "secret_string|secret_binary", ["data.aws_secretsmanager_secret_version"] = "secret_string|secret_binary",
  aws_redshift_cluster = "master_password",
  aws_docdb_cluster = "master_password", aws_elasticache_replication_group = "auth_token", aws_iam_user_login_profile = "password",
  ["data.aws_eks_cluster_auth"] = "token", ["data.aws_ecr_authorization_token"] = "authorization_token|password",
  random_password = "result|bcrypt_hash", tls_private_key = "private_key_pem|private_key_openssh|private_key_pem_pkcs8",
  google_service_account_key = "private_key", google_sql_user = "password", ["data.google_client_config"] = "access_token",
  google_secret_manager_secret_version = "secret_data", ["data.google_secret_manager_secret_version"] = "secret_data",
  ["data.vault_generic_secret"] = "data|data_json", ["data.vault_kv_secret_v2"] = "data|data_json", kubernetes_secret = "data|binary_data",
  ["data.kubernetes_secret"] = "data|binary_data",
}

return rule {
  id = "TF-007", title = "Output reveals a secret",
  severity = "high", category = "secrets",
  version = 2, changes = { "what a module outside the scan computes is unknown" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "terraform.output",
  where = function(e) return e.raw.first and e.space == "" end,
  description = [[Outputs are printed by every run and readable in the state by every consumer.]],
  remediation = [[Add `sensitive = true` to the output, or leave it out.]],
  references = { "https://developer.hashicorp.com/terraform/language/values/outputs#sensitive-suppressing-values-in-cli-output" },
  check = function(e)
    if e.raw.sensitive or e.raw.ephemeral then return end
    if e.raw.value_sensitive then return fail("output " .. e.name .. " reveals a sensitive value") end
    for _, ref in ipairs(e.raw.refers or {}) do
      local kind = match(ref.address, "(?:^|\\.)((?:data\\.)?[a-z0-9]+_[a-z0-9_]+)\\.[^.]+$")
      local attributes = kind and secret_attributes[kind]
      local path = match(ref.path or "", "^[a-z0-9_]+")
      if attributes and path and match(path, "^(?:" .. attributes .. ")$") then
        return fail("output " .. e.name .. " reveals " .. ref.path .. " of " .. ref.address)
      end
    end
    -- What a module outside the scan computes may be sensitive there.
    if #list(e.raw.refers) == 0 and secrets.named(e.name) and e.raw.value == nil then return end
  end,
  tests = {
    fail = { [[
resource "aws_iam_access_key" "ci" { user = "ci" }
output "fire" { value = aws_iam_access_key.ci.secret }]], [[
resource "tls_private_key" "host" { algorithm = "ED25519" }
output "fire" { value = { key = tls_private_key.host.private_key_pem } }]] },
    pass = { [[
resource "aws_iam_access_key" "ci" { user = "ci" }
output "key" {
  value     = aws_iam_access_key.ci.secret
  sensitive = true
}
output "id" { value = aws_iam_access_key.ci.id }]] },
    unknown = { [[
module "database" {
  source  = "example/database/aws"
  version = "1.2.3"
}
output "password" { value = module.database.password }]] },
  },
}
