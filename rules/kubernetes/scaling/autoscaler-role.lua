local iam = lib "iam"
local kube = lib "kube"

-- That a cluster has no autoscaler at all is no finding: sizes may be fixed on purpose.
return rule {
  id = "K8S-SCALE-003", title = "Cluster autoscaler may change every scaling group",
  severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.policy", "aws.iam.inline_policy", "aws.iam.policy_document" },
  where = function(e)
    return kube.called(e, "(?i)auto.?scal|karpenter") and iam.is_judged(e)
  end,
  description = [[A cluster autoscaler that may set every scaling group can stop the machines of other clusters and applications of the
account.]],
  remediation = [[Add a condition on `aws:ResourceTag/k8s.io/cluster-autoscaler/<cluster>` or name the groups.]],
  references = { "https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md" },
  check = function(e)
    local statements = iam.identity(e)
    return each(statements, function(s)
      if not iam.allows(s) or #s.conditions > 0 or not iam.any_resource(e, s) then return end
      for _, action in ipairs { "autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup" } do
        if iam.takes(s, action) and not iam.denied(statements, action) then
          return fail("policy " .. e.name .. " may change every scaling group (" .. action .. " on * without a condition)", { at = s.at })
        end
      end
    end)
  end,
  tests = {
    fail = { [[
resource "aws_iam_policy" "fire" {
  name   = "cluster-autoscaler"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["autoscaling:SetDesiredCapacity", "autoscaling:DescribeAutoScalingGroups"], Resource = "*" }] })
}
]] },
    pass = { [[
resource "aws_iam_policy" "dont_fire" {
  name = "cluster-autoscaler"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "autoscaling:DescribeAutoScalingGroups", Resource = "*" },
    { Effect = "Allow", Action = "autoscaling:SetDesiredCapacity", Resource = "*",
      Condition = { StringEquals = { "aws:ResourceTag/k8s.io/cluster-autoscaler/shop" = "owned" } } },
  ] })
}
]] },
    unknown = { [[
variable "groups" {}
resource "aws_iam_policy" "a" {
  name   = "cluster-autoscaler"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "autoscaling:SetDesiredCapacity", Resource = var.groups }] })
}
]] },
  },
}
