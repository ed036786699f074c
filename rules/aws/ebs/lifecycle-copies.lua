-- Rules that copy to other regions: { at, event }.
local function copies(e)
  local found = {}
  if e.origin == "live" then
    for _, schedule in ipairs(list(e.raw.PolicyDetails.Schedules)) do
      for _, rule in ipairs(list(schedule.CrossRegionCopyRules)) do
        found[#found + 1] = { at = rule, encryption = { encrypted = rule.Encrypted, cmk_arn = rule.CmkArn } }
      end
    end
    for _, action in ipairs(list(e.raw.PolicyDetails.Actions)) do
      for _, copy in ipairs(list(action.CrossRegionCopy)) do
        local encryption = copy.EncryptionConfiguration
        found[#found + 1] = { at = copy, event = true,
          encryption = { encrypted = encryption.Encrypted, cmk_arn = encryption.CmkArn } }
      end
    end
    return found
  end
  for _, schedule in ipairs(list(e.raw.policy_details.schedule)) do
    for _, rule in ipairs(list(schedule.cross_region_copy_rule)) do found[#found + 1] = { at = rule, encryption = rule } end
  end
  for _, action in ipairs(list(e.raw.policy_details.action)) do
    for _, copy in ipairs(list(action.cross_region_copy)) do
      found[#found + 1] = { at = copy, event = true, encryption = copy.encryption_configuration }
    end
  end
  return found
end

return rule {
  id = "AWS-EBS-005", title = "Snapshot copies to other regions are not encrypted with a managed key",
  severity = "medium", category = "encryption",
  aliases = {
    CKV_AWS_253 = "event", CKV_AWS_254 = { "event", "event-key" }, CKV_AWS_255 = "rule", CKV_AWS_256 = { "rule", "rule-key" },
  },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.dlm.policy",
  description = [[A copy in another region is as readable as its original; without encryption it is readable in the clear there.]],
  remediation = [[Set `encrypted = true` and `cmk_arn` on each copy.]],
  references = { "https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-ami-policy.html" },
  check = function(e)
    return each(copies(e), function(copy)
      local kind = copy.event and "event" or "rule"
      local encryption = copy.encryption
      if encryption == nil or (encryption.encrypted ~= true and encryption.encrypted ~= "true") then
        return fail("a cross-region copy of policy " .. e.name .. " is not encrypted", { case = kind, at = copy.at })
      end
      if known(encryption.cmk_arn) and encryption.cmk_arn == nil then
        return fail("a cross-region copy of policy " .. e.name .. " names no key of its own", { case = kind .. "-key", at = copy.at })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:dlm:policy", "name": "fire", "body": {"PolicyId": "policy-1", "State": "ENABLED",
  "PolicyDetails": {"PolicyType": "EBS_SNAPSHOT_MANAGEMENT",
  "Schedules": [{"Name": "daily", "CrossRegionCopyRules": [{"Target": "eu-central-1", "Encrypted": false}]}]}}}]
]], live [[
[{"type": "aws:dlm:policy", "name": "fire", "body": {"PolicyId": "policy-1", "State": "ENABLED",
  "PolicyDetails": {"PolicyType": "EVENT_BASED_POLICY",
  "Actions": [{"Name": "a", "CrossRegionCopy": [{"Target": "eu-central-1", "EncryptionConfiguration": {"Encrypted": true}}]}]}}}]
]], [[
resource "aws_dlm_lifecycle_policy" "fire" {
  policy_details {
    schedule {
      cross_region_copy_rule {
        target    = "eu-central-1"
        encrypted = false
      }
    }
  }
}]] },
    pass = { live [[
[{"type": "aws:dlm:policy", "name": "dont_fire", "body": {"PolicyId": "policy-1", "State": "ENABLED",
  "PolicyDetails": {"PolicyType": "EBS_SNAPSHOT_MANAGEMENT",
  "Schedules": [{"Name": "daily", "CrossRegionCopyRules": [{"Target": "eu-central-1", "Encrypted": true,
    "CmkArn": "arn:aws:kms:eu-central-1:123456789012:key/k"}]}]}}}]
]], [[
resource "aws_dlm_lifecycle_policy" "dont_fire" {
  policy_details {
    schedule {
      cross_region_copy_rule {
        target    = "eu-central-1"
        encrypted = true
        cmk_arn   = "arn:aws:kms:eu-central-1:123456789012:key/k"
      }
    }
  }
}]] },
    unknown = { [[
variable "e" { type = bool }
resource "aws_dlm_lifecycle_policy" "a" {
  policy_details {
    schedule {
      cross_region_copy_rule {
        target    = "eu-central-1"
        encrypted = var.e
      }
    }
  }
}]] },
  },
}
