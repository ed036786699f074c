# Each user lacks one thing that a published method needs. None of them gets anywhere.

locals {
  everything = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  near = {
    # an explicit Deny wins, in the same policy or not
    "deny-all"       = [{ Effect = "Allow", Action = "*", Resource = "*" }, { Effect = "Deny", Action = "*", Resource = "*" }]
    "deny-iam"       = [{ Effect = "Allow", Action = "iam:*", Resource = "*" }, { Effect = "Deny", Action = "iam:*", Resource = "*" }]
    "not-action"     = [{ Effect = "Allow", NotAction = ["iam:*", "sts:*", "ec2*:*", "ssm:*", "lambda:*", "sso:*", "identitystore:*", "glue:*", "cloudformation:*", "codebuild:*", "ecs:*", "sagemaker:*", "apprunner:*", "bedrock*:*", "states:*", "datapipeline:*", "eks:*"], Resource = "*" }]
    # AWS's own policies cannot be changed
    "aws-policies"   = [{ Effect = "Allow", Action = "iam:CreatePolicyVersion", Resource = "arn:aws:iam::aws:policy/*" }]
    # of another account
    "elsewhere"      = [{ Effect = "Allow", Action = "iam:CreateAccessKey", Resource = "arn:aws:iam::*:role/*" }]
    # a time that is over
    "over"           = [{ Effect = "Allow", Action = "iam:PutUserPolicy", Resource = "*", Condition = { DateLessThan = { "aws:CurrentTime" = "2020-01-01T00:00:00Z" } } }]
    "old-token"      = [{ Effect = "Allow", Action = "iam:PutUserPolicy", Resource = "*", Condition = { DateLessThan = { "aws:TokenIssueTime" = "2020-01-01T00:00:00Z" } } }]
    # only policies that are named may be attached
    "read-only"      = [{ Effect = "Allow", Action = "iam:AttachUserPolicy", Resource = "*", Condition = { ArnEquals = { "iam:PolicyARN" = "arn:aws:iam::aws:policy/ReadOnlyAccess" } } }]
    # the role may be passed, but to another service
    "passed-to"      = [{ Effect = "Allow", Action = "ec2:RunInstances", Resource = "*" }, { Effect = "Allow", Action = "iam:PassRole", Resource = "*", Condition = { StringEquals = { "iam:PassedToService" = "lambda.amazonaws.com" } } }]
    # half of a method
    "only-pass"      = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "*" }]
    "only-run"       = [{ Effect = "Allow", Action = ["ec2:RunInstances", "lambda:CreateFunction"], Resource = "*" }]
    "never-invoked"  = [{ Effect = "Allow", Action = ["lambda:CreateFunction", "iam:PassRole"], Resource = "*" }]
    # a role that the service does not assume
    "wrong-role"     = [{ Effect = "Allow", Action = "ec2:RunInstances", Resource = "*" }, { Effect = "Allow", Action = "iam:PassRole", Resource = "arn:aws:iam::*:role/reader" }]
    # the trust policy does not let them in
    "not-trusted"    = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = "arn:aws:iam::*:role/admin" }]
    # no member of the group
    "no-member"      = [{ Effect = "Allow", Action = "iam:PutGroupPolicy", Resource = "arn:aws:iam::*:group/staff" }]
    "another-policy" = [{ Effect = "Allow", Action = "iam:CreatePolicyVersion", Resource = "arn:aws:iam::*:policy/other" }]
    "reads"          = [{ Effect = "Allow", Action = ["iam:Get*", "iam:List*"], Resource = "*" }]
    # what may be made may not be used
    "taken-back"     = [{ Effect = "Allow", Action = ["iam:PassRole"], Resource = "*" }, { Effect = "Allow", Action = "lambda:*Function", Resource = "arn:aws:lambda:*:*:function:dev-*" }, { Effect = "Deny", Action = "lambda:InvokeFunction", Resource = "arn:aws:lambda:*:*:function:dev*" }]
    # limited to resources with a name that none has
    "named-function" = [{ Effect = "Allow", Action = "lambda:UpdateFunctionCode", Resource = "arn:aws:lambda:*:*:function:dev-*" }]
  }
}

resource "aws_iam_user" "dont_fire" {
  for_each = local.near
  name     = each.key
}

resource "aws_iam_policy" "near" {
  for_each = local.near
  name     = each.key
  policy   = jsonencode({ Version = "2012-10-17", Statement = each.value })
}

resource "aws_iam_user_policy_attachment" "near" {
  for_each   = local.near
  user       = aws_iam_user.dont_fire[each.key].name
  policy_arn = aws_iam_policy.near[each.key].arn
}

# A boundary that leaves nothing of it.
resource "aws_iam_user" "bounded" {
  name                 = "bounded"
  permissions_boundary = aws_iam_policy.reads.arn
}

resource "aws_iam_policy" "reads" {
  name   = "reads-boundary"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["s3:Get*", "s3:List*"], Resource = "*" }] })
}

resource "aws_iam_user_policy" "bounded" {
  user   = aws_iam_user.bounded.name
  name   = "all"
  policy = jsonencode({ Version = "2012-10-17", Statement = local.everything })
}

resource "aws_iam_group" "staff" {
  name = "staff"
}

resource "aws_iam_role" "admin" {
  name = "admin"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["ec2.amazonaws.com", "lambda.amazonaws.com"] } },
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_user.dont_fire["reads"].arn }, Condition = { DateLessThan = { "aws:CurrentTime" = "2020-01-01T00:00:00Z" } } },
    ]
  })
}

resource "aws_iam_role_policy" "admin" {
  role   = aws_iam_role.admin.name
  name   = "all"
  policy = jsonencode({ Version = "2012-10-17", Statement = local.everything })
}

resource "aws_lambda_function" "job" {
  function_name = "job"
  role          = aws_iam_role.admin.arn
}
