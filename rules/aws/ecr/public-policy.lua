local iam = lib "iam"

return rule {
  id = "AWS-ECR-001", title = "Repository can be pulled or pushed by anyone",
  severity = "critical", category = "least-privilege",
  aliases = { "CKV_AWS_32", "AVD-AWS-0032" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "aws.ecr.repository_policy",
  description = [[Everyone with an AWS account could read the images, or put others in their place.]],
  remediation = [[Name the principals, or add a condition such as `aws:PrincipalOrgID`.]],
  references = { "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html" },
  check = function(e)
    return each(iam.statements(json(e.raw.policy)), function(s)
      if not iam.allows(s) then return end
      local who = iam.wildcard_principal(e, s)
      if who and not iam.narrowed(s) then
        return fail("repository policy " .. e.name .. " allows any principal (" .. who .. ")", { at = s.at })
      end
    end)
  end,
  tests = {
    fail = { [[
resource "aws_ecr_repository_policy" "fire" {
  repository = "r"
  policy     = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "ecr:BatchGetImage" }] })
}]] },
    pass = { [[
resource "aws_ecr_repository_policy" "dont_fire" {
  repository = "r"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "ecr:BatchGetImage",
    Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-1234567890" } } }] })
}]] },
    unknown = { [[
variable "p" {}
resource "aws_ecr_repository_policy" "a" {
  repository = "r"
  policy     = var.p
}]] },
  },
}
