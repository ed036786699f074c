local iam = lib "iam"

return rule {
  id = "AWS-IAM-015", title = "Resource policy document is open to any principal",
  severity = "high", category = "least-privilege",
  aliases = { "CKV_AWS_283" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "aws.iam.policy_document", -- code only: live policies are judged at what they are attached to
  where = function(e)
    for _, s in ipairs(list(e.raw.statement)) do
      if s.principals ~= nil and #s.principals > 0 then return true end
    end
    return false
  end,
  description = [[A document with principals is the policy of a resource; one that names everyone opens that resource to the world.]],
  remediation = [[Name the principals, or add a condition on organisation, account or network.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html" },
  check = function(e)
    return each(iam.document(e), function(s)
      if not iam.allows(s) then return end
      local who = iam.wildcard_principal(e, s)
      if who and not iam.narrowed(s) then
        return fail("policy document " .. e.name .. " allows any principal (" .. who .. ")", { at = s.at })
      end
    end)
  end,
  tests = {
    fail = { [[
data "aws_iam_policy_document" "fire" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}]] },
    pass = { [[
data "aws_iam_policy_document" "dont_fire" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = ["arn:aws:sns:eu-west-1:123456789012:t"]
    }
  }
}]] },
    unknown = { [[
variable "who" {}
data "aws_iam_policy_document" "a" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = [var.who]
    }
  }
}]] },
  },
}
