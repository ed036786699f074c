-- Networks: VPCs, subnets, routes, security groups, network ACLs, endpoints.

entity "aws.vpc" {
  doc = "A virtual network.",
  terraform = { "aws_vpc", "aws_default_vpc" },
  live = { "aws:ec2:vpc" },
  id = { "id", "arn", "VpcId" },
  tags = "tags",
  satellites = {
    flow_log = { "aws_flow_log", by = "vpc_id" },
    default_group = { "aws_default_security_group", by = "vpc_id" },
    subnet = { "aws_subnet", by = "vpc_id" },
    endpoint = { "aws_vpc_endpoint", by = "vpc_id" },
  },
  fields = { cidr = { string, tf = "cidr_block", live = "CidrBlock" } },
}

entity "aws.vpc.subnet" {
  doc = "A part of a VPC in one zone.",
  terraform = { "aws_subnet", "aws_default_subnet" },
  live = { "aws:ec2:subnet" },
  id = { "id", "arn", "SubnetId" },
  tags = "tags",
  satellites = {
    association = { "aws_route_table_association", by = "subnet_id" },
    nat = { "aws_nat_gateway", by = "subnet_id" },
  },
  fields = {
    vpc = { string, tf = "vpc_id", live = "VpcId" },
    zone = { string, tf = { "availability_zone", "availability_zone_id" }, live = "AvailabilityZone" },
    cidr = { string, tf = "cidr_block", live = "CidrBlock" },
    public_addresses = { bool, tf = "map_public_ip_on_launch", live = "MapPublicIpOnLaunch", default = false },
    ipv6_addresses = { bool, tf = "assign_ipv6_address_on_creation", live = "AssignIpv6AddressOnCreation", default = false },
  },
  edges = { { "attached_to", tf = "vpc_id", live = "VpcId" } },
}

entity "aws.vpc.route_table" {
  doc = "Where the traffic of subnets goes.",
  terraform = { "aws_route_table", "aws_default_route_table" },
  live = { "aws:ec2:route-table" },
  id = { "id", "arn", "RouteTableId" },
  tags = "tags",
  satellites = {
    route = { "aws_route", by = "route_table_id" },
    association = { "aws_route_table_association", by = "route_table_id" },
  },
  fields = { vpc = { string, tf = "vpc_id", live = "VpcId" } },
}

entity "aws.vpc.route" {
  doc = "One route of a table.",
  terraform = { "aws_route" },
  id = { "id" },
  fields = {
    cidr = { string, tf = "destination_cidr_block" },
    ipv6_cidr = { string, tf = "destination_ipv6_cidr_block" },
  },
}

entity "aws.vpc.peering" {
  doc = "A connection between two VPCs.",
  terraform = { "aws_vpc_peering_connection" },
  live = { "aws:ec2:vpc-peering-connection" },
  id = { "id", "VpcPeeringConnectionId" },
  tags = "tags",
  fields = {},
  edges = {
    { "peers_with", tf = "vpc_id", live = "RequesterVpcInfo.VpcId" },
    { "peers_with", tf = "peer_vpc_id", live = "AccepterVpcInfo.VpcId" },
  },
}

entity "aws.vpc.internet_gateway" {
  doc = "The way from a VPC to the internet.",
  terraform = { "aws_internet_gateway" },
  live = { "aws:ec2:internet-gateway" },
  id = { "id", "arn", "InternetGatewayId" },
  tags = "tags",
  fields = {},
  edges = { { "attached_to", tf = "vpc_id", live = "Attachments.VpcId" } },
}

entity "aws.vpc.nat_gateway" {
  doc = "The way from private subnets to the internet.",
  terraform = { "aws_nat_gateway" },
  live = { "aws:ec2:natgateway" },
  id = { "id", "NatGatewayId" },
  tags = "tags",
  fields = { subnet = { string, tf = "subnet_id", live = "SubnetId" } },
  edges = { { "attached_to", tf = "subnet_id", live = "SubnetId" } },
}

entity "aws.ec2.security_group" {
  doc = "A set of rules for the traffic of interfaces.",
  terraform = { "aws_security_group", "aws_default_security_group" },
  live = { "aws:ec2:security-group" },
  id = { "id", "arn", "GroupId" },
  tags = "tags",
  satellites = {
    rule = { "aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule",
      by = "security_group_id" },
  },
  fields = {
    description = { string, tf = "description", live = "Description" },
  },
}

entity "aws.ec2.security_group_rule" {
  doc = "One rule of a security group.",
  terraform = { "aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule" },
  live = { "aws:ec2:security-group-rule" },
  id = { "id" },
  fields = { description = { string, tf = "description", live = "Description" } },
}

entity "aws.ec2.classic_security_group" {
  doc = "A security group of the retired EC2-Classic network.",
  terraform = { "aws_db_security_group", "aws_elasticache_security_group", "aws_redshift_security_group" },
  id = { "id", "name" },
  fields = { description = { string, tf = "description" } },
}

entity "aws.vpc.network_acl" {
  doc = "Ordered rules for the traffic of subnets.",
  terraform = { "aws_network_acl", "aws_default_network_acl" },
  live = { "aws:ec2:network-acl" },
  id = { "id", "arn", "NetworkAclId" },
  tags = "tags",
  satellites = {
    rule = { "aws_network_acl_rule", by = "network_acl_id" },
    association = { "aws_network_acl_association", by = "network_acl_id" },
  },
  fields = {},
}

entity "aws.vpc.network_acl_rule" {
  doc = "One rule of a network ACL.",
  terraform = { "aws_network_acl_rule" },
  id = { "id" },
  fields = {},
}

entity "aws.vpc.endpoint" {
  doc = "A private way to a service.",
  terraform = { "aws_vpc_endpoint" },
  live = { "aws:ec2:vpc-endpoint" },
  id = { "id", "arn", "VpcEndpointId" },
  tags = "tags",
  satellites = { policy = { "aws_vpc_endpoint_policy", by = "vpc_endpoint_id" } },
  fields = {
    service = { string, tf = "service_name", live = "ServiceName" },
    endpoint_type = { string, tf = "vpc_endpoint_type", live = "VpcEndpointType", default = "Gateway" },
  },
  edges = { { "attached_to", tf = "vpc_id", live = "VpcId" } },
}

entity "aws.vpc.endpoint_policy" {
  doc = "What may be reached through an endpoint.",
  terraform = { "aws_vpc_endpoint_policy" },
  id = { "id" },
  fields = {},
}

entity "aws.vpc.endpoint_service" {
  doc = "A service that others may connect endpoints to.",
  terraform = { "aws_vpc_endpoint_service" },
  live = { "aws:ec2:vpc-endpoint-service" },
  id = { "id", "arn", "service_name", "ServiceId", "ServiceName" },
  tags = "tags",
  satellites = { allowed = { "aws_vpc_endpoint_service_allowed_principal", by = "vpc_endpoint_service_id" } },
  fields = { acceptance = { bool, tf = "acceptance_required", live = "AcceptanceRequired" } },
}

entity "aws.vpc.flow_log" {
  doc = "A record of a network's connections.",
  terraform = { "aws_flow_log" },
  live = { "aws:ec2:vpc-flow-log" },
  id = { "id", "arn" },
  tags = "tags",
  fields = { traffic = { string, tf = "traffic_type", live = "TrafficType", default = "ALL" } },
  edges = {
    { "logs_to", tf = { "log_destination", "log_group_name" }, live = { "LogDestination", "LogGroupName" } },
    { "attached_to", tf = { "vpc_id", "subnet_id", "eni_id" }, live = "ResourceId" },
  },
}

entity "aws.vpc.prefix_list" {
  doc = "A named list of networks, for rules and routes.",
  terraform = { "aws_ec2_managed_prefix_list" },
  live = { "aws:ec2:prefix-list" },
  id = { "id", "arn", "PrefixListId" },
  tags = "tags",
  fields = { name = { string, tf = "name", live = "PrefixListName" } },
}

entity "aws.vpc.subnet_group" {
  doc = "The subnets in which a managed store may stand.",
  terraform = { "aws_db_subnet_group", "aws_elasticache_subnet_group", "aws_redshift_subnet_group", "aws_memorydb_subnet_group",
    "aws_dax_subnet_group", "aws_docdb_subnet_group", "aws_neptune_subnet_group", "aws_dms_replication_subnet_group" },
  live = { "aws:rds:subgrp", "aws:elasticache:subnetgroup", "aws:redshift:subnetgroup" },
  id = { "name", "id", "arn", "replication_subnet_group_id", "DBSubnetGroupName", "CacheSubnetGroupName", "ClusterSubnetGroupName" },
  tags = "tags",
  fields = { subnets = { list, tf = "subnet_ids", live = "Subnets[].SubnetIdentifier" } },
}

entity "aws.ec2.network_interface" {
  doc = "An interface of its own.",
  terraform = { "aws_network_interface" },
  live = { "aws:ec2:network-interface" },
  id = { "id", "arn", "NetworkInterfaceId" },
  tags = "tags",
  fields = { subnet = { string, tf = "subnet_id", live = "SubnetId" } },
  edges = { { "attached_to", tf = "subnet_id", live = "SubnetId" } },
}
