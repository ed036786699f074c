return rule {
  id = "AWS-SSM-002", title = "Document is shared with everyone",
  severity = "high", category = "least-privilege",
  aliases = { "CKV_AWS_303" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "aws.ssm.document",
  where = function(e) return e.origin ~= "live" end,
  description = [[Everyone with an AWS account can read a public document, with the names and commands in it.]],
  remediation = [[Name the accounts in `account_ids`.]],
  references = { "https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html" },
  check = function(e)
    local accounts = e.shared_with
    if accounts ~= nil and has(split(lower(accounts), ","), "all") then
      return fail("document " .. e.name .. " is shared with everyone", { at = "shared_with" })
    end
  end,
  tests = {
    fail = { [[
resource "aws_ssm_document" "fire" {
  name        = "fire"
  permissions = { type = "Share", account_ids = "All" }
}]] },
    pass = { [[
resource "aws_ssm_document" "dont_fire" {
  name        = "dont-fire"
  permissions = { type = "Share", account_ids = "123456789012" }
}]] },
    unknown = { [[
variable "a" {}
resource "aws_ssm_document" "a" {
  name        = "a"
  permissions = { type = "Share", account_ids = var.a }
}]] },
  },
}
