local iam = lib "iam"

return rule {
  id = "AWS-ECR-001", title = "Repository can be pulled or pushed by anyone",
  severity = "critical", category = "least-privilege",
  aliases = { "CKV_AWS_32", "AVD-AWS-0032" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.ecr.repository_policy", "aws.ecr.repository" },
  where = function(e) return e.kind == "aws.ecr.repository_policy" or e.origin == "live" and iam.has_policy(e) end,
  description = [[Everyone with an AWS account could read the images, or put others in their place.]],
  remediation = [[Name the principals, or add a condition such as `aws:PrincipalOrgID`.]],
  references = { "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html" },
  check = function(e)
    return each(iam.of_resource(e), function(s)
      if not iam.allows(s) then return end
      local who = iam.wildcard_principal(e, s)
      if who and not iam.narrowed(s) then
        return fail("repository policy " .. e.name .. " allows any principal (" .. who .. ")", { at = s.at })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ecr:repository", "name": "fire", "account": "123456789012",
  "body": {"Policy": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"ecr:BatchGetImage\"}]}"}}]
]], [[
resource "aws_ecr_repository_policy" "fire" {
  repository = "r"
  policy     = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "ecr:BatchGetImage" }] })
}]] },
    pass = { live [[
[{"type": "aws:ecr:repository", "name": "dont_fire", "account": "123456789012",
  "body": {"Policy": {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:role/app"},
    "Action": "ecr:BatchGetImage"}]}}}]
]], [[
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
