-- Load balancers, their listeners and target groups.

entity "aws.elb.load_balancer" {
  doc = "An application, network or gateway load balancer.",
  terraform = { "aws_lb", "aws_alb" },
  live = { "aws:elasticloadbalancing:loadbalancer" },
  id = { "name", "id", "arn", "LoadBalancerArn" },
  tags = "tags",
  satellites = {
    firewall = { "aws_wafv2_web_acl_association", by = "resource_arn" },
    regional_firewall = { "aws_wafregional_web_acl_association", by = "resource_arn" },
  },
  fields = {
    name = { string, tf = { "name", "name_prefix" }, live = "LoadBalancerName" },
    layer = { string, tf = "load_balancer_type", live = "Type", default = "application", doc = "application, network or gateway." },
    internal = { bool, tf = "internal", live = "Scheme == internal", default = false },
    ["logging.enabled"] = { bool, tf = "access_logs.enabled", default = false },
    drop_invalid_headers = { bool, tf = "drop_invalid_header_fields", default = false },
    desync = { string, tf = "desync_mitigation_mode", default = "defensive" },
    cross_zone = { bool, tf = "enable_cross_zone_load_balancing", default = false },
    deletion_protection = { bool, tf = "enable_deletion_protection", default = false },
  },
  edges = { { "logs_to", tf = "access_logs.bucket" } },
}

entity "aws.elb.listener" {
  doc = "A port of a load balancer.",
  terraform = { "aws_lb_listener", "aws_alb_listener" },
  live = { "aws:elasticloadbalancing:listener" },
  id = { "id", "arn", "ListenerArn" },
  tags = "tags",
  fields = {
    protocol = { string, tf = "protocol", live = "Protocol" },
    port = { number, tf = "port", live = "Port" },
    policy = { string, tf = "ssl_policy", live = "SslPolicy" },
  },
  edges = {
    { "attached_to", tf = "load_balancer_arn", live = "LoadBalancerArn" },
    { "routes_to", tf = "default_action[].target_group_arn", live = "DefaultActions[].TargetGroupArn" },
  },
}

entity "aws.elb.target_group" {
  doc = "Where a load balancer sends requests.",
  terraform = { "aws_lb_target_group", "aws_alb_target_group" },
  live = { "aws:elasticloadbalancing:targetgroup" },
  id = { "name", "id", "arn", "TargetGroupArn" },
  tags = "tags",
  fields = {
    name = { string, tf = { "name", "name_prefix" }, live = "TargetGroupName" },
    protocol = { string, tf = "protocol", live = "Protocol" },
    target = { string, tf = "target_type", live = "TargetType", default = "instance" },
    ["check.enabled"] = { bool, tf = "health_check.enabled", live = "HealthCheckEnabled", default = true },
    ["check.path"] = { string, tf = "health_check.path", live = "HealthCheckPath" },
  },
}

entity "aws.elb.classic" {
  doc = "A classic load balancer.",
  terraform = { "aws_elb" },
  live = { "aws:elasticloadbalancing:classic" },
  id = { "name", "id", "arn", "LoadBalancerName" },
  tags = "tags",
  fields = {
    name = { string, tf = { "name", "name_prefix" }, live = "LoadBalancerName" },
    internal = { bool, tf = "internal", live = "Scheme == internal", default = false },
    desync = { string, tf = "desync_mitigation_mode", default = "defensive" },
    cross_zone = { bool, tf = "cross_zone_load_balancing", default = true },
  },
  edges = { { "logs_to", tf = "access_logs.bucket" } },
}

entity "aws.elb.classic_policy" {
  doc = "Protocols and ciphers of classic listeners.",
  terraform = { "aws_load_balancer_policy" },
  id = { "id" },
  fields = {},
}
