-- Web ACLs, rule groups and advanced protection.

entity "aws.waf.acl" {
  doc = "A web ACL.",
  terraform = { "aws_wafv2_web_acl" },
  live = { "aws:wafv2:webacl" },
  id = { "name", "id", "arn", "ARN" },
  tags = "tags",
  satellites = {
    logging = { "aws_wafv2_web_acl_logging_configuration", by = "resource_arn" },
    association = { "aws_wafv2_web_acl_association", by = "web_acl_arn" },
    group = { "aws_wafv2_web_acl_rule_group_association", by = "web_acl_arn" },
  },
  fields = {
    name = { string, tf = "name", live = "Name" },
    rules = { list, tf = "rule", live = "Rules" },
  },
}

entity "aws.waf.classic_acl" {
  doc = "A web ACL of the first generation.",
  terraform = { "aws_waf_web_acl", "aws_wafregional_web_acl" },
  live = { "aws:waf:webacl", "aws:waf-regional:webacl" },
  id = { "name", "id", "arn", "WebACLId" },
  tags = "tags",
  fields = { name = { string, tf = "name", live = "Name" }, rules = { list, tf = { "rules", "rule" }, live = "Rules" } },
}

entity "aws.waf.rule_group" {
  doc = "Rules that several web ACLs share.",
  terraform = { "aws_wafv2_rule_group" },
  live = { "aws:wafv2:rulegroup" },
  id = { "name", "id", "arn", "ARN" },
  tags = "tags",
  fields = { name = { string, tf = "name", live = "Name" }, rules = { list, tf = "rule", live = "Rules" } },
}

entity "aws.waf.classic_rule_group" {
  doc = "Rules of the first generation that several web ACLs share.",
  terraform = { "aws_waf_rule_group", "aws_wafregional_rule_group" },
  id = { "name", "id", "arn" },
  tags = "tags",
  fields = { name = { string, tf = "name" }, rules = { list, tf = "activated_rule" } },
}

entity "aws.waf.association" {
  doc = "What a web ACL guards.",
  terraform = { "aws_wafv2_web_acl_association", "aws_wafregional_web_acl_association" },
  id = { "id" },
  fields = {
    acl = { string, tf = { "web_acl_arn", "web_acl_id" } },
    resource = { string, tf = "resource_arn" },
  },
  edges = { { "attached_to", tf = "resource_arn" } },
}

entity "aws.shield.protection" {
  doc = "Advanced protection of one resource.",
  terraform = { "aws_shield_protection" },
  live = { "aws:shield:protection" },
  id = { "id", "arn", "Id" },
  tags = "tags",
  fields = { name = { string, tf = "name", live = "Name" }, resource = { string, tf = "resource_arn", live = "ResourceArn" } },
  edges = { { "attached_to", tf = "resource_arn", live = "ResourceArn" } },
}

entity "aws.shield.protection_group" {
  doc = "Resources that are protected together.",
  terraform = { "aws_shield_protection_group" },
  live = { "aws:shield:protection-group" },
  id = { "protection_group_id", "id", "ProtectionGroupId" },
  tags = "tags",
  fields = {
    pattern = { string, tf = "pattern", live = "Pattern" },
    members = { list, tf = "members", live = "Members" },
  },
  edges = { { "attached_to", tf = "members", live = "Members" } },
}

entity "aws.shield.subscription" {
  doc = "An account's subscription to advanced protection.",
  terraform = { "aws_shield_subscription" },
  live = { "aws:shield:subscription" },
  id = { "id" },
  fields = { state = { string, live = "SubscriptionState" } },
}
