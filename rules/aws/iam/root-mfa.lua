return rule {
  id = "AWS-IAM-021", title = "Root user lacks multi-factor authentication",
  severity = "critical", category = "least-privilege",
  aliases = { ["AVD-AWS-0142"] = "none", ["AVD-AWS-0165"] = "virtual" },
  frameworks = { "CIS-AWS-3.0:1.5", "CIS-AWS-3.0:1.6", "NIST-800-53r5:IA-2", "PCI-DSS-4.0:8.3.1", "SOC2:CC6.1",
    "ISO27001-2022:A.8.5" },
  for_each = "aws.iam.account_summary",
  description = [[The root user can do everything, and no policy limits it. With a password alone, one phished mail gives the account away.
Where the parameter `root_hardware_mfa` is set, a virtual device is not enough.]],
  remediation = [[Register a second factor for the root user, best a hardware key, under "Security credentials" of the console.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-mfa-for-root.html" },
  check = function(e)
    if e.root_mfa == nil then unknown("the account summary does not say whether root has a second factor") end
    local account = e.account ~= "" and e.account or e.name
    if e.root_mfa == 0 then
      return fail("the root user of account " .. account .. " has no second factor", { case = "none", at = "root_mfa" })
    end
    if not param("root_hardware_mfa", false) then return end
    for _, device in ipairs(graph.all("aws.iam.mfa_device")) do
      if device.origin == "live" and device.account == e.account and match(device.serial or "", "/root-account-mfa-device$") then
        return fail("the root user of account " .. account .. " has a virtual second factor, not a hardware one",
          { case = "virtual", at = "root_mfa", severity = "high", evidence = { { device, "the virtual device" } } })
      end
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:account-summary", "name": "fire", "account": "123456789012", "body": {"AccountMFAEnabled": 0}}]
]], live [[
# parameters: {"root_hardware_mfa": true}
[{"type": "aws:iam:account-summary", "name": "fire", "account": "123456789012", "body": {"AccountMFAEnabled": 1}},
 {"type": "aws:iam:mfa", "name": "m", "account": "123456789012",
  "body": {"SerialNumber": "arn:aws:iam::123456789012:mfa/root-account-mfa-device"}}]
]] },
    pass = { live [[
[{"type": "aws:iam:account-summary", "name": "dont_fire", "account": "123456789012", "body": {"AccountMFAEnabled": 1}}]
]], live [[
# parameters: {"root_hardware_mfa": true}
[{"type": "aws:iam:account-summary", "name": "dont_fire", "account": "123456789012", "body": {"AccountMFAEnabled": 1}},
 {"type": "aws:iam:mfa", "name": "m", "account": "123456789012", "body": {"SerialNumber": "arn:aws:iam::123456789012:mfa/anna"}}]
]] },
    unknown = { live [[
[{"type": "aws:iam:account-summary", "name": "a", "body": {}, "unknown": {"AccountMFAEnabled": "AccessDenied"}}]
]] },
  },
}
