local alarms = lib "alarms"

-- ClassicLink, which AVD-AWS-0160 asks for too, is gone since 2022.
local events = {
    { case = "groups", label = "changes of security groups", each = { "AuthorizeSecurityGroupIngress",
    "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress", "CreateSecurityGroup",
    "DeleteSecurityGroup" } },
    { case = "acls", label = "changes of network ACLs", each = { "CreateNetworkAcl", "CreateNetworkAclEntry",
    "DeleteNetworkAcl", "DeleteNetworkAclEntry", "ReplaceNetworkAclEntry", "ReplaceNetworkAclAssociation" } },
    { case = "gateways", label = "changes of gateways", each = { "CreateCustomerGateway", "DeleteCustomerGateway",
    "AttachInternetGateway", "CreateInternetGateway", "DeleteInternetGateway", "DetachInternetGateway" } },
    { case = "routes", label = "changes of route tables", each = { "CreateRoute", "CreateRouteTable", "ReplaceRoute",
    "ReplaceRouteTableAssociation", "DeleteRouteTable", "DeleteRoute", "DisassociateRouteTable" } },
    { case = "vpcs", label = "changes of VPCs", each = { "CreateVpc", "DeleteVpc", "ModifyVpcAttribute",
    "AcceptVpcPeeringConnection", "CreateVpcPeeringConnection", "DeleteVpcPeeringConnection", "RejectVpcPeeringConnection" }
    },
}

return rule {
  id = "AWS-CW-006", title = "No alarm watches network changes",
  severity = "medium", category = "logging",
  aliases = { ["AVD-AWS-0156"] = "groups", ["AVD-AWS-0157"] = "acls", ["AVD-AWS-0158"] = "gateways", ["AVD-AWS-0159"] =
    "routes", ["AVD-AWS-0160"] = "vpcs" },
  frameworks = { "CIS-AWS-3.0:4.10", "CIS-AWS-3.0:4.11", "CIS-AWS-3.0:4.12", "CIS-AWS-3.0:4.13", "CIS-AWS-3.0:4.14",
    "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.cloudtrail.trail",
  where = alarms.is_judged,
  description = [[A new route or an opened group is how data leaves, or how somebody comes in.
The parameter `siem` says that something else watches.]],
  remediation = [[Add an `aws_cloudwatch_log_metric_filter` on the trail's log group and an `aws_cloudwatch_metric_alarm` on its metric.]],
  references = { "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html" },
  check = function(e) return alarms.judge(e, events) end,
  tests = {
    fail = { [[
resource "aws_cloudwatch_log_group" "g" { name = "trail" }
resource "aws_cloudtrail" "fire" {
  s3_bucket_name             = "trail"
  is_multi_region_trail      = true
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.g.arn}:*"
}
resource "aws_cloudwatch_log_metric_filter" "f" {
  name           = "f"
  log_group_name = aws_cloudwatch_log_group.g.name
  pattern        = "{ $.eventName = CreateVpc }"
  metric_transformation {
    name      = "m"
    namespace = "n"
    value     = "1"
  }
}]], live [[
[{"type": "aws:cloudtrail:trail", "name": "fire", "body": {"Name": "t", "IsMultiRegionTrail": true, "Status": {"IsLogging": true},
  "CloudWatchLogsLogGroupArn": "arn:aws:logs:eu-west-1:123456789012:log-group:trail:*"}},
 {"type": "aws:logs:log-group", "name": "trail", "body": {"logGroupName": "trail"}}]
]] },
    pass = { live [[
[{"type": "aws:cloudtrail:trail", "name": "dont_fire", "body": {"Name": "t", "IsMultiRegionTrail": true,
  "Status": {"IsLogging": true}, "CloudWatchLogsLogGroupArn": "arn:aws:logs:eu-west-1:123456789012:log-group:trail:*"}},
 {"type": "aws:logs:log-group", "name": "trail", "body": {"logGroupName": "trail"}},
 {"type": "aws:logs:metric-filter", "name": "groups0a", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) }",
  "metricTransformations": [{"metricName": "groups"}]}},
 {"type": "aws:logs:metric-filter", "name": "groups0b", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = RevokeSecurityGroupIngress) }",
  "metricTransformations": [{"metricName": "groups"}]}},
 {"type": "aws:logs:metric-filter", "name": "groups1a", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) }",
  "metricTransformations": [{"metricName": "groups"}]}},
 {"type": "aws:logs:metric-filter", "name": "groups1b", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = DeleteSecurityGroup) }",
  "metricTransformations": [{"metricName": "groups"}]}},
 {"type": "aws:cloudwatch:alarm", "name": "groups", "body": {"AlarmName": "groups", "MetricName": "groups"}},
 {"type": "aws:logs:metric-filter", "name": "acls0a", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = CreateNetworkAcl) || ($.eventName = CreateNetworkAclEntry) }",
  "metricTransformations": [{"metricName": "acls"}]}},
 {"type": "aws:logs:metric-filter", "name": "acls0b", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = DeleteNetworkAcl) }",
  "metricTransformations": [{"metricName": "acls"}]}},
 {"type": "aws:logs:metric-filter", "name": "acls1a", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = DeleteNetworkAclEntry) || ($.eventName = ReplaceNetworkAclEntry) }",
  "metricTransformations": [{"metricName": "acls"}]}},
 {"type": "aws:logs:metric-filter", "name": "acls1b", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = ReplaceNetworkAclAssociation) }",
  "metricTransformations": [{"metricName": "acls"}]}},
 {"type": "aws:cloudwatch:alarm", "name": "acls", "body": {"AlarmName": "acls", "MetricName": "acls"}},
 {"type": "aws:logs:metric-filter", "name": "gateways0a", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = CreateCustomerGateway) || ($.eventName = DeleteCustomerGateway) }",
  "metricTransformations": [{"metricName": "gateways"}]}},
 {"type": "aws:logs:metric-filter", "name": "gateways0b", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = AttachInternetGateway) }",
  "metricTransformations": [{"metricName": "gateways"}]}},
 {"type": "aws:logs:metric-filter", "name": "gateways1a", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = CreateInternetGateway) || ($.eventName = DeleteInternetGateway) }",
  "metricTransformations": [{"metricName": "gateways"}]}},
 {"type": "aws:logs:metric-filter", "name": "gateways1b", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = DetachInternetGateway) }",
  "metricTransformations": [{"metricName": "gateways"}]}},
 {"type": "aws:cloudwatch:alarm", "name": "gateways", "body": {"AlarmName": "gateways", "MetricName": "gateways"}},
 {"type": "aws:logs:metric-filter", "name": "routes0", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = CreateRoute) || ($.eventName = CreateRouteTable) || ($.eventName = ReplaceRoute) }",
  "metricTransformations": [{"metricName": "routes"}]}},
 {"type": "aws:logs:metric-filter", "name": "routes1a", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = ReplaceRouteTableAssociation) || ($.eventName = DeleteRouteTable) }",
  "metricTransformations": [{"metricName": "routes"}]}},
 {"type": "aws:logs:metric-filter", "name": "routes1b", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = DeleteRoute) }",
  "metricTransformations": [{"metricName": "routes"}]}},
 {"type": "aws:logs:metric-filter", "name": "routes2", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = DisassociateRouteTable) }",
  "metricTransformations": [{"metricName": "routes"}]}},
 {"type": "aws:cloudwatch:alarm", "name": "routes", "body": {"AlarmName": "routes", "MetricName": "routes"}},
 {"type": "aws:logs:metric-filter", "name": "vpcs0", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = CreateVpc) || ($.eventName = DeleteVpc) || ($.eventName = ModifyVpcAttribute) }",
  "metricTransformations": [{"metricName": "vpcs"}]}},
 {"type": "aws:logs:metric-filter", "name": "vpcs1a", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = AcceptVpcPeeringConnection) || ($.eventName = CreateVpcPeeringConnection) }",
  "metricTransformations": [{"metricName": "vpcs"}]}},
 {"type": "aws:logs:metric-filter", "name": "vpcs1b", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = DeleteVpcPeeringConnection) }",
  "metricTransformations": [{"metricName": "vpcs"}]}},
 {"type": "aws:logs:metric-filter", "name": "vpcs2", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = RejectVpcPeeringConnection) }",
  "metricTransformations": [{"metricName": "vpcs"}]}},
 {"type": "aws:cloudwatch:alarm", "name": "vpcs", "body": {"AlarmName": "vpcs", "MetricName": "vpcs"}}]
]], [[
locals {
  patterns = {
    groups = "{ ${join(" || ", [for e in [
      "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress",
      "RevokeSecurityGroupEgress", "CreateSecurityGroup", "DeleteSecurityGroup",
    ] : "($.eventName = ${e})"])} }"
    acls = "{ ${join(" || ", [for e in [
      "CreateNetworkAcl", "CreateNetworkAclEntry", "DeleteNetworkAcl", "DeleteNetworkAclEntry", "ReplaceNetworkAclEntry",
      "ReplaceNetworkAclAssociation",
    ] : "($.eventName = ${e})"])} }"
    gateways = "{ ${join(" || ", [for e in [
      "CreateCustomerGateway", "DeleteCustomerGateway", "AttachInternetGateway", "CreateInternetGateway",
      "DeleteInternetGateway", "DetachInternetGateway",
    ] : "($.eventName = ${e})"])} }"
    routes = "{ ${join(" || ", [for e in [
      "CreateRoute", "CreateRouteTable", "ReplaceRoute", "ReplaceRouteTableAssociation", "DeleteRouteTable",
      "DeleteRoute", "DisassociateRouteTable",
    ] : "($.eventName = ${e})"])} }"
    vpcs = "{ ${join(" || ", [for e in [
      "CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection", "CreateVpcPeeringConnection",
      "DeleteVpcPeeringConnection", "RejectVpcPeeringConnection",
    ] : "($.eventName = ${e})"])} }"
  }
}
resource "aws_cloudwatch_log_group" "g" { name = "trail" }
resource "aws_cloudtrail" "dont_fire" {
  s3_bucket_name             = "trail"
  is_multi_region_trail      = true
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.g.arn}:*"
}
resource "aws_cloudwatch_log_metric_filter" "f" {
  for_each       = local.patterns
  name           = each.key
  log_group_name = aws_cloudwatch_log_group.g.name
  pattern        = each.value
  metric_transformation {
    name      = each.key
    namespace = "n"
    value     = "1"
  }
}
resource "aws_cloudwatch_metric_alarm" "a" {
  for_each    = local.patterns
  alarm_name  = each.key
  metric_name = aws_cloudwatch_log_metric_filter.f[each.key].metric_transformation[0].name
}]] },
    unknown = { [[
variable "pattern" {}
resource "aws_cloudwatch_log_group" "g" { name = "trail" }
resource "aws_securityhub_account" "h" {}
resource "aws_cloudtrail" "a" {
  s3_bucket_name             = "trail"
  is_multi_region_trail      = true
  cloud_watch_logs_group_arn = aws_cloudwatch_log_group.g.arn
}]], [[
resource "aws_cloudtrail" "a" {
  s3_bucket_name             = "trail"
  is_multi_region_trail      = true
  cloud_watch_logs_group_arn = "arn:aws:logs:eu-west-1:123456789012:log-group:elsewhere:*"
}]] },
  },
}
