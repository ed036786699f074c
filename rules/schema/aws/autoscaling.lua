-- Auto Scaling groups, and scaling of other services.

entity "aws.autoscaling.group" {
  doc = "Instances that come and go with demand.",
  terraform = { "aws_autoscaling_group" },
  live = { "aws:autoscaling:group" },
  id = { "name", "id", "arn", "AutoScalingGroupName" },
  satellites = { attachment = { "aws_autoscaling_attachment", by = "autoscaling_group_name" } },
  fields = {
    name = { string, tf = { "name", "name_prefix" }, live = "AutoScalingGroupName" },
    health_check = { string, tf = "health_check_type", live = "HealthCheckType", default = "EC2" },
    target_groups = { list, tf = "target_group_arns", live = "TargetGroupARNs" },
    load_balancers = { list, tf = "load_balancers", live = "LoadBalancerNames" },
    subnets = { any, tf = "vpc_zone_identifier", live = "VPCZoneIdentifier", doc = "A list; live: ids with commas between." },
    zones = { list, tf = "availability_zones", live = "AvailabilityZones" },
    ["mixed.distribution"] = { any, tf = "mixed_instances_policy.instances_distribution",
      live = "MixedInstancesPolicy.InstancesDistribution" },
  },
  edges = {
    { "attached_to", tf = "target_group_arns", live = "TargetGroupARNs" },
    { "attached_to", tf = "load_balancers", live = "LoadBalancerNames" },
  },
}

entity "aws.autoscaling.attachment" {
  doc = "A group's place behind a load balancer.",
  terraform = { "aws_autoscaling_attachment" },
  id = { "id" },
  fields = {
    group = { string, tf = "autoscaling_group_name" },
    target = { string, tf = { "lb_target_group_arn", "alb_target_group_arn", "elb" } },
  },
  edges = { { "attached_to", tf = { "lb_target_group_arn", "alb_target_group_arn", "elb" } } },
}

entity "aws.appautoscaling.target" {
  doc = "A capacity that scales: of tables, services, clusters.",
  terraform = { "aws_appautoscaling_target" },
  live = { "aws:application-autoscaling:scalable-target" },
  id = { "resource_id", "id", "arn" },
  tags = "tags",
  fields = {
    resource = { string, tf = "resource_id", live = "ResourceId" },
    dimension = { string, tf = "scalable_dimension", live = "ScalableDimension" },
    service = { string, tf = "service_namespace", live = "ServiceNamespace" },
  },
}

entity "aws.appautoscaling.policy" {
  doc = "When a capacity scales.",
  terraform = { "aws_appautoscaling_policy" },
  live = { "aws:application-autoscaling:policy" },
  id = { "name", "id", "arn" },
  fields = { resource = { string, tf = "resource_id", live = "ResourceId" } },
}
