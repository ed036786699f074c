-- Links between networks: transit gateways, VPNs, Direct Connect, resource shares.

entity "aws.tgw.gateway" {
  doc = "A hub that joins networks.",
  terraform = { "aws_ec2_transit_gateway" },
  live = { "aws:ec2:transit-gateway" },
  id = { "id", "arn", "TransitGatewayId", "TransitGatewayArn" },
  tags = "tags",
  fields = {
    auto_accept = { bool, tf = "auto_accept_shared_attachments == enable", live = "Options.AutoAcceptSharedAttachments == enable",
      default = false },
    default_association = { bool, tf = "default_route_table_association == enable",
      live = "Options.DefaultRouteTableAssociation == enable", default = true },
    default_propagation = { bool, tf = "default_route_table_propagation == enable",
      live = "Options.DefaultRouteTablePropagation == enable", default = true },
  },
}

entity "aws.tgw.vpc_attachment" {
  doc = "A network's place at a transit gateway.",
  terraform = { "aws_ec2_transit_gateway_vpc_attachment" },
  live = { "aws:ec2:transit-gateway-attachment" },
  id = { "id", "arn", "TransitGatewayAttachmentId" },
  tags = "tags",
  fields = {
    gateway = { string, tf = "transit_gateway_id", live = "TransitGatewayId" },
    network = { string, tf = "vpc_id", live = "ResourceId" },
  },
  edges = {
    { "attached_to", tf = "transit_gateway_id", live = "TransitGatewayId" },
    { "attached_to", tf = "vpc_id", live = "ResourceId" },
  },
}

entity "aws.tgw.peering" {
  doc = "A link between two transit gateways.",
  terraform = { "aws_ec2_transit_gateway_peering_attachment" },
  id = { "id", "arn" },
  tags = "tags",
  fields = {
    gateway = { string, tf = "transit_gateway_id" },
    peer = { string, tf = "peer_transit_gateway_id" },
  },
  edges = {
    { "peers_with", tf = "transit_gateway_id" },
    { "peers_with", tf = "peer_transit_gateway_id" },
  },
}

entity "aws.tgw.route_table" {
  doc = "Where a transit gateway sends traffic.",
  terraform = { "aws_ec2_transit_gateway_route_table" },
  live = { "aws:ec2:transit-gateway-route-table" },
  id = { "id", "arn", "TransitGatewayRouteTableId" },
  tags = "tags",
  fields = { gateway = { string, tf = "transit_gateway_id", live = "TransitGatewayId" } },
  edges = { { "attached_to", tf = "transit_gateway_id", live = "TransitGatewayId" } },
}

entity "aws.ram.share" {
  doc = "Resources that other accounts may use.",
  terraform = { "aws_ram_resource_share" },
  live = { "aws:ram:resource-share" },
  id = { "name", "id", "arn", "resourceShareArn" },
  tags = "tags",
  satellites = {
    resource = { "aws_ram_resource_association", by = "resource_share_arn" },
    principal = { "aws_ram_principal_association", by = "resource_share_arn" },
  },
  fields = {
    name = { string, tf = "name", live = "name" },
    external = { bool, tf = "allow_external_principals", live = "allowExternalPrincipals" },
    resources = { list, live = "Resources[].arn" },
  },
}

entity "aws.ram.principal" {
  doc = "Who gets the resources of a share.",
  terraform = { "aws_ram_principal_association" },
  id = { "id" },
  fields = { share = { string, tf = "resource_share_arn" }, principal = { string, tf = "principal" } },
}

entity "aws.vpn.connection" {
  doc = "An IPsec connection to another site.",
  terraform = { "aws_vpn_connection" },
  live = { "aws:ec2:vpn-connection" },
  id = { "id", "arn", "VpnConnectionId" },
  tags = "tags",
  fields = {
    gateway = { string, tf = { "vpn_gateway_id", "transit_gateway_id" }, live = { "VpnGatewayId", "TransitGatewayId" } },
    tunnels = { list, live = "Options.TunnelOptions" },
  },
  edges = {
    { "attached_to", tf = { "vpn_gateway_id", "transit_gateway_id" }, live = { "VpnGatewayId", "TransitGatewayId" } },
    { "attached_to", tf = "customer_gateway_id", live = "CustomerGatewayId" },
  },
}

entity "aws.vpn.gateway" {
  doc = "A VPC's end of VPN connections.",
  terraform = { "aws_vpn_gateway" },
  live = { "aws:ec2:vpn-gateway" },
  id = { "id", "arn", "VpnGatewayId" },
  tags = "tags",
  fields = { network = { string, tf = "vpc_id", live = "VpcAttachments.VpcId" } },
  edges = { { "attached_to", tf = "vpc_id", live = "VpcAttachments.VpcId" } },
}

entity "aws.vpn.customer_gateway" {
  doc = "The other site's end of VPN connections.",
  terraform = { "aws_customer_gateway" },
  live = { "aws:ec2:customer-gateway" },
  id = { "id", "arn", "CustomerGatewayId" },
  tags = "tags",
  fields = { address = { string, tf = "ip_address", live = "IpAddress" }, certificate = { string, tf = "certificate_arn", live = "CertificateArn" } },
}

entity "aws.vpn.client_endpoint" {
  doc = "A VPN for people.",
  terraform = { "aws_ec2_client_vpn_endpoint" },
  live = { "aws:ec2:client-vpn-endpoint" },
  id = { "id", "arn", "ClientVpnEndpointId" },
  tags = "tags",
  satellites = { rule = { "aws_ec2_client_vpn_authorization_rule", by = "client_vpn_endpoint_id" } },
  fields = {
    authentication = { list, tf = "authentication_options[].type", live = "AuthenticationOptions[].Type" },
    ["log.enabled"] = { bool, tf = "connection_log_options.enabled", live = "ConnectionLogOptions.Enabled", default = false },
    rules = { list, live = "AuthorizationRules" },
  },
}

entity "aws.vpn.authorization_rule" {
  doc = "Which networks the users of a VPN reach.",
  terraform = { "aws_ec2_client_vpn_authorization_rule" },
  id = { "id" },
  fields = {
    cidr = { string, tf = "target_network_cidr" },
    everyone = { bool, tf = "authorize_all_groups", default = false },
  },
}

entity "aws.dx.connection" {
  doc = "A dedicated line to AWS.",
  terraform = { "aws_dx_connection" },
  live = { "aws:directconnect:dxcon" },
  id = { "name", "id", "arn", "connectionId" },
  tags = "tags",
  satellites = { macsec_key = { "aws_dx_macsec_key_association", by = "connection_id" } },
  fields = {
    name = { string, tf = "name", live = "connectionName" },
    location = { string, tf = "location", live = "location" },
    bandwidth = { string, tf = "bandwidth", live = "bandwidth" },
    macsec = { bool, tf = "request_macsec", live = "encryptionMode == must_encrypt", default = false },
    mode = { string, tf = "encryption_mode", live = "encryptionMode" },
    capable = { bool, live = "macSecCapable" },
  },
}

entity "aws.dx.lag" {
  doc = "Lines that work as one.",
  terraform = { "aws_dx_lag" },
  live = { "aws:directconnect:dxlag" },
  id = { "name", "id", "arn", "lagId" },
  tags = "tags",
  fields = { name = { string, tf = "name", live = "lagName" }, location = { string, tf = "location", live = "location" } },
}

entity "aws.dx.gateway" {
  doc = "Where lines meet networks of any region.",
  terraform = { "aws_dx_gateway" },
  live = { "aws:directconnect:dx-gateway" },
  id = { "name", "id", "directConnectGatewayId" },
  fields = { name = { string, tf = "name", live = "directConnectGatewayName" } },
}

entity "aws.dx.gateway_association" {
  doc = "Which networks lie behind a Direct Connect gateway.",
  terraform = { "aws_dx_gateway_association" },
  id = { "id" },
  fields = { gateway = { string, tf = "dx_gateway_id" }, associated = { string, tf = "associated_gateway_id" } },
  edges = { { "attached_to", tf = "associated_gateway_id" } },
}

entity "aws.dx.interface" {
  doc = "A virtual interface of a line.",
  terraform = { "aws_dx_private_virtual_interface", "aws_dx_transit_virtual_interface" },
  live = { "aws:directconnect:dxvif" },
  id = { "name", "id", "arn", "virtualInterfaceId" },
  tags = "tags",
  fields = {
    name = { string, tf = "name", live = "virtualInterfaceName" },
    connection = { string, tf = "connection_id", live = "connectionId" },
    gateway = { string, tf = { "dx_gateway_id", "vpn_gateway_id" }, live = { "directConnectGatewayId", "virtualGatewayId" } },
  },
  edges = {
    { "attached_to", tf = "connection_id", live = "connectionId" },
    { "attached_to", tf = { "dx_gateway_id", "vpn_gateway_id" }, live = { "directConnectGatewayId", "virtualGatewayId" } },
  },
}

entity "aws.globalaccelerator.accelerator" {
  doc = "Fixed addresses at the edge.",
  terraform = { "aws_globalaccelerator_accelerator" },
  live = { "aws:globalaccelerator:accelerator" },
  id = { "name", "id", "arn", "dns_name", "AcceleratorArn" },
  tags = "tags",
  satellites = { listener = { "aws_globalaccelerator_listener", by = "accelerator_arn" } },
  fields = {
    name = { string, tf = "name", live = "Name" },
    enabled = { bool, tf = "enabled", live = "Enabled", default = true },
    ["logs.enabled"] = { bool, tf = "attributes.flow_logs_enabled", live = "AcceleratorAttributes.FlowLogsEnabled", default = false },
    ["logs.bucket"] = { string, tf = "attributes.flow_logs_s3_bucket", live = "AcceleratorAttributes.FlowLogsS3Bucket" },
  },
  edges = { { "logs_to", tf = "attributes.flow_logs_s3_bucket", live = "AcceleratorAttributes.FlowLogsS3Bucket" } },
}

entity "aws.globalaccelerator.listener" {
  doc = "Ports of an accelerator.",
  terraform = { "aws_globalaccelerator_listener" },
  live = { "aws:globalaccelerator:listener" },
  id = { "id", "ListenerArn" },
  satellites = { endpoints = { "aws_globalaccelerator_endpoint_group", by = "listener_arn" } },
  fields = {
    accelerator = { string, tf = "accelerator_arn", live = "AcceleratorArn" },
    groups = { list, live = "EndpointGroups" },
  },
}

entity "aws.globalaccelerator.endpoint_group" {
  doc = "Where an accelerator sends traffic in one region.",
  terraform = { "aws_globalaccelerator_endpoint_group" },
  live = { "aws:globalaccelerator:endpoint-group" },
  id = { "id", "arn", "EndpointGroupArn" },
  fields = { place = { string, tf = "endpoint_group_region", live = "EndpointGroupRegion", doc = "The region." } },
  edges = {
    { "routes_to", tf = "endpoint_configuration[].endpoint_id", live = "EndpointDescriptions[].EndpointId" },
    { "exposes", tf = "endpoint_configuration[].endpoint_id", live = "EndpointDescriptions[].EndpointId" },
  },
}
