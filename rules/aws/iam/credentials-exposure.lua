local iam = lib "iam"

-- Actions whose answer is a credential. ecr:GetAuthorizationToken is left out: it cannot be limited and gives nothing by itself. So is
-- sts:GetSessionToken, for which nobody needs a permission: its answer is a session of the caller.
-- https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html
local actions = {
  "sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity", "sts:GetFederationToken",
  "iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile", "iam:CreateServiceSpecificCredential",
  "iam:ResetServiceSpecificCredential", "iam:UpdateAccessKey", "rds-db:connect", "redshift:GetClusterCredentials",
  "redshift:GetClusterCredentialsWithIAM", "redshift-serverless:GetCredentials", "ec2:GetPasswordData", "sso:GetRoleCredentials",
  "cognito-identity:GetOpenIdTokenForDeveloperIdentity", "cognito-identity:GetOpenIdToken", "cognito-identity:GetCredentialsForIdentity",
  "connect:GetFederationToken", "codeartifact:GetAuthorizationToken", "lightsail:GetInstanceAccessDetails",
  "lightsail:DownloadDefaultKeyPair", "lightsail:GetRelationalDatabaseMasterUserPassword", "gamelift:GetInstanceAccess",
  "gamelift:RequestUploadCredentials", "grafana:CreateWorkspaceApiKey", "airflow:CreateCliToken", "airflow:CreateWebLoginToken",
  "appsync:CreateApiKey", "codepipeline:PollForJobs",
}

return rule {
  id = "AWS-IAM-006", title = "Policy can read secrets and credentials without limits",
  severity = "high", category = "least-privilege",
  version = 2, changes = { "sts:GetSessionToken needs no permission and counts no more" },
  aliases = { CKV_AWS_107 = "document", CKV_AWS_287 = "policy" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.policy", "aws.iam.inline_policy", "aws.iam.policy_document", "aws.iam.role", "aws.sso.inline_policy" },
  where = iam.is_judged,
  description = [[The answer of such an action is a session, key, password or token of someone else.]],
  remediation = [[Name the roles, users or databases in `Resource`.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege" },
  check = function(e)
    local statements = iam.identity(e)
    return each(statements, function(s)
      if not iam.allows(s) or #s.conditions > 0 or not iam.any_resource(e, s) then return end
      for _, action in ipairs(actions) do
        if iam.takes(s, action) and not iam.denied(statements, action) then
          return fail("policy " .. e.name .. " allows " .. action .. ", which returns credentials, on every resource",
            { case = iam.case(e), at = s.at })
        end
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:policy", "name": "fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}]
]], [[
data "aws_iam_policy_document" "fire" {
  statement {
    actions   = ["iam:CreateAccessKey"]
    resources = ["*"]
  }
}]] },
    pass = { live [[
[{"type": "aws:iam:policy", "name": "dont_fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\"}]}"}}]
]], [[
data "aws_iam_policy_document" "dont_fire" {
  statement {
    actions   = ["ecr:GetAuthorizationToken", "sts:GetSessionToken"]
    resources = ["*"]
  }
  statement {
    actions   = ["sts:AssumeRole"]
    resources = ["arn:aws:iam::123456789012:role/deploy"]
  }
}]] },
    unknown = { [[
variable "resource" {}
data "aws_iam_policy_document" "a" {
  statement {
    actions   = ["sts:AssumeRole"]
    resources = [var.resource]
  }
}]] },
  },
}
