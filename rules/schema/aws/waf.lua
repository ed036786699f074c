-- Web ACLs and autoscaling groups.

entity "aws.waf.acl" {
  doc = "A web ACL.",
  terraform = { "aws_wafv2_web_acl" },
  live = { "aws:wafv2:webacl" },
  id = { "name", "id", "arn", "ARN" },
  tags = "tags",
  satellites = {
    logging = { "aws_wafv2_web_acl_logging_configuration", by = "resource_arn" },
  },
  fields = { name = { string, tf = "name", live = "Name" } },
}

entity "aws.autoscaling.group" {
  doc = "Instances that come and go with demand.",
  terraform = { "aws_autoscaling_group" },
  live = { "aws:autoscaling:group" },
  id = { "name", "id", "arn", "AutoScalingGroupName" },
  fields = { name = { string, tf = { "name", "name_prefix" }, live = "AutoScalingGroupName" } },
}
