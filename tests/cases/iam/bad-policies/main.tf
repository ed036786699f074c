# Policies that AWS would refuse, or that are not known. Nothing is allowed by them, and nothing proven.

variable "actions" {
  type = list(string)
}

variable "policy" {
  type = string
}

locals {
  broken = {
    "no-json"       = "{ \"Statement\": [ "
    "no-statement"  = jsonencode({ Version = "2012-10-17" })
    "text"          = jsonencode("Allow")
    "typo"          = jsonencode({ Statement = [{ Effect = "Alow", Action = "*", Resource = "*" }] })
    "lower-case"    = jsonencode({ Statement = [{ effect = "Allow", action = "*", resource = "*" }] })
    "number"        = jsonencode({ Statement = [{ Effect = "Allow", Action = [{}], Resource = "*" }] })
    "operator"      = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*", Condition = { StringIsNice = { "aws:username" = "x" } } }] })
    "null-ifexists" = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*", Condition = { NullIfExists = { "aws:username" = "false" } } }] })
    "null"          = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*", Condition = null }] })
    "actions"       = jsonencode({ Statement = [{ Effect = "Allow", Action = var.actions, Resource = "*" }] })
    "variable"      = var.policy
  }
}

resource "aws_iam_user" "u" {
  for_each = local.broken
  name     = each.key
}

resource "aws_iam_user_policy" "u" {
  for_each = local.broken
  user     = aws_iam_user.u[each.key].name
  policy   = each.value
}
