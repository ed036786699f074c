local candidate = lib "candidate"

-- The case of each detector.
local cases = {
  ["azure-storage-account-key"] = "azure-storage",
  ["azure-sas-token"] = "azure-sas",
  ["azure-entra-client-secret"] = "azure-entra",
  ["alibaba-access-key-id"] = "alibaba-id",
  ["alibaba-secret-key"] = "alibaba-secret",
  ["databricks-api-token"] = "databricks",
  ["ibm-cloud-key"] = "ibm",
  ["ibm-cos-hmac"] = "ibm-cos",
  ["softlayer-key"] = "softlayer",
  ["cloudant-password"] = "cloudant",
}

return rule {
  id = "SEC-010", title = "Other cloud provider credential",
  severity = "high", category = "secrets",
  aliases = {
    ["CKV_SECRET_3"] = "azure-storage",
    ["CKV_SECRET_5"] = "cloudant",
    ["CKV_SECRET_7"] = "ibm",
    ["CKV_SECRET_8"] = "ibm-cos",
    ["CKV_SECRET_15"] = "softlayer",
    ["azure-storage-account-key"] = "azure-storage",
    ["azure-sas-token"] = "azure-sas",
    ["azure-entra-client-secret"] = "azure-entra",
    ["alibaba-access-key-id"] = "alibaba-id",
    ["alibaba-secret-key"] = "alibaba-secret",
    ["databricks-api-token"] = "databricks",
  },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "secret.cloud",
  description = [[A storage key or client secret opens the subscription's data to whoever has it, without a second factor.]],
  remediation = [[Rotate the key at the provider; use managed identities or a secret store.]],
  references = { "https://learn.microsoft.com/en-us/azure/storage/common/storage-account-keys-manage" },
  check = function(c)
    if candidate.allowed(c) then return end
    return candidate.report(c, { case = cases[c.detector] or "other" })
  end,
  tests = {
    fail = { files { ["app.config"] = [[
DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=VJCNQCmup6N0A0UarXLnTENCyfjeEaGyZqjJoiFpKZsRaSqTa9DTvk4WaaB3xzXpMZuZN8Ab5KbH0FZk4XdxKI==;EndpointSuffix=core.windows.net
]] }, files { ["job.py"] = [[
client = connect("dapi014c2b54b95523cf6941fa1c257c6f56")
]] } },
    pass = { files { ["job.py"] = [[
# parameters: {"secret_allowed_paths": ["job.py"]}
client = connect("dapi1c5cb347611a3ce9d97dcbee500fe7ee")
]] } },
  },
}
