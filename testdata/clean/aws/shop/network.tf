# The network: two zones, private subnets for everything, public ones for the load balancer's addresses alone.

locals {
  zones = ["eu-west-1a", "eu-west-1b"]
}

resource "aws_vpc" "shop" {
  cidr_block           = "10.20.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.shop.id
}

resource "aws_subnet" "public" {
  for_each                = toset(local.zones)
  vpc_id                  = aws_vpc.shop.id
  availability_zone       = each.key
  cidr_block              = cidrsubnet("10.20.0.0/16", 8, index(local.zones, each.key))
  map_public_ip_on_launch = false
}

resource "aws_subnet" "private" {
  for_each                = toset(local.zones)
  vpc_id                  = aws_vpc.shop.id
  availability_zone       = each.key
  cidr_block              = cidrsubnet("10.20.0.0/16", 8, 10 + index(local.zones, each.key))
  map_public_ip_on_launch = false
}

resource "aws_network_acl" "private" {
  vpc_id     = aws_vpc.shop.id
  subnet_ids = [for subnet in aws_subnet.private : subnet.id]

  ingress {
    rule_no    = 100
    protocol   = "tcp"
    action     = "allow"
    cidr_block = "10.20.0.0/16"
    from_port  = 1024
    to_port    = 65535
  }

  egress {
    rule_no    = 100
    protocol   = "tcp"
    action     = "allow"
    cidr_block = "10.20.0.0/16"
    from_port  = 1024
    to_port    = 65535
  }
}

resource "aws_internet_gateway" "shop" {
  vpc_id = aws_vpc.shop.id
}

resource "aws_eip" "nat" {
  for_each = aws_subnet.public
  domain   = "vpc"
}

resource "aws_nat_gateway" "shop" {
  for_each      = aws_subnet.public
  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = each.value.id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.shop.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.shop.id
  }
}

resource "aws_route_table_association" "public" {
  for_each       = aws_subnet.public
  subnet_id      = each.value.id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table" "private" {
  for_each = aws_subnet.private
  vpc_id   = aws_vpc.shop.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.shop[each.key].id
  }
}

resource "aws_route_table_association" "private" {
  for_each       = aws_subnet.private
  subnet_id      = each.value.id
  route_table_id = aws_route_table.private[each.key].id
}

resource "aws_flow_log" "shop" {
  vpc_id               = aws_vpc.shop.id
  traffic_type         = "ALL"
  log_destination_type = "s3"
  log_destination      = "arn:aws:s3:::acme-flow-logs"
}

data "aws_iam_policy_document" "endpoint" {
  statement {
    actions   = ["s3:GetObject", "s3:PutObject", "s3:ListBucket"]
    resources = ["arn:aws:s3:::acme-shop-*", "arn:aws:s3:::acme-shop-*/*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::222222222222:root"]
    }
  }
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.shop.id
  service_name    = "com.amazonaws.eu-west-1.s3"
  route_table_ids = [for t in aws_route_table.private : t.id]
  policy          = data.aws_iam_policy_document.endpoint.json
}

resource "aws_security_group" "web" {
  name        = "web"
  description = "The load balancer, open for HTTPS"
  vpc_id      = aws_vpc.shop.id
}

resource "aws_vpc_security_group_ingress_rule" "web" {
  security_group_id = aws_security_group.web.id
  description       = "HTTPS from everywhere"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "web" {
  security_group_id            = aws_security_group.web.id
  description                  = "To the application"
  ip_protocol                  = "tcp"
  from_port                    = 8443
  to_port                      = 8443
  referenced_security_group_id = aws_security_group.app.id
}

resource "aws_security_group" "app" {
  name        = "app"
  description = "The application"
  vpc_id      = aws_vpc.shop.id
}

resource "aws_vpc_security_group_ingress_rule" "app" {
  security_group_id            = aws_security_group.app.id
  description                  = "From the load balancer"
  ip_protocol                  = "tcp"
  from_port                    = 8443
  to_port                      = 8443
  referenced_security_group_id = aws_security_group.web.id
}

resource "aws_vpc_security_group_egress_rule" "app" {
  for_each                     = { postgres = 5432, redis = 6379, nfs = 2049, mongo = 27017 }
  security_group_id            = aws_security_group.app.id
  description                  = "To ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
  referenced_security_group_id = aws_security_group.data.id
}

resource "aws_security_group" "data" {
  name        = "data"
  description = "Databases, caches and shares"
  vpc_id      = aws_vpc.shop.id
}

resource "aws_vpc_security_group_ingress_rule" "data" {
  for_each                     = { postgres = 5432, redis = 6379, nfs = 2049, mongo = 27017 }
  security_group_id            = aws_security_group.data.id
  description                  = "${each.key} from the application"
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
  referenced_security_group_id = aws_security_group.app.id
}

resource "aws_networkfirewall_rule_group" "egress" {
  name     = "egress"
  type     = "STATEFUL"
  capacity = 100

  rule_group {
    rules_source {
      rules_source_list {
        generated_rules_type = "ALLOWLIST"
        target_types         = ["TLS_SNI"]
        targets              = [".example.com", ".amazonaws.com"]
      }
    }
  }

  encryption_configuration {
    type   = "CUSTOMER_KMS"
    key_id = aws_kms_key.data.arn
  }
}

resource "aws_networkfirewall_firewall_policy" "shop" {
  name = "shop"

  firewall_policy {
    stateless_default_actions          = ["aws:forward_to_sfe"]
    stateless_fragment_default_actions = ["aws:forward_to_sfe"]

    stateful_rule_group_reference {
      resource_arn = aws_networkfirewall_rule_group.egress.arn
    }
  }

  encryption_configuration {
    type   = "CUSTOMER_KMS"
    key_id = aws_kms_key.data.arn
  }
}

resource "aws_networkfirewall_firewall" "shop" {
  name                = "shop"
  firewall_policy_arn = aws_networkfirewall_firewall_policy.shop.arn
  vpc_id              = aws_vpc.shop.id
  delete_protection   = true

  encryption_configuration {
    type   = "CUSTOMER_KMS"
    key_id = aws_kms_key.data.arn
  }

  dynamic "subnet_mapping" {
    for_each = aws_subnet.public

    content {
      subnet_id = subnet_mapping.value.id
    }
  }
}

resource "aws_networkfirewall_logging_configuration" "shop" {
  firewall_arn = aws_networkfirewall_firewall.shop.arn

  logging_configuration {
    log_destination_config {
      log_type             = "ALERT"
      log_destination_type = "S3"
      log_destination      = { bucketName = "acme-firewall-logs", prefix = "alert" }
    }

    log_destination_config {
      log_type             = "FLOW"
      log_destination_type = "S3"
      log_destination      = { bucketName = "acme-firewall-logs", prefix = "flow" }
    }
  }
}

resource "aws_ec2_transit_gateway" "hub" {
  description                     = "The hub of production"
  auto_accept_shared_attachments  = "disable"
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
}

resource "aws_ec2_transit_gateway_route_table" "prod" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}

resource "aws_ec2_transit_gateway_vpc_attachment" "shop" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.shop.id
  subnet_ids         = [for s in aws_subnet.private : s.id]
}

resource "aws_ram_resource_share" "hub" {
  name                      = "hub"
  allow_external_principals = false
}

resource "aws_ram_resource_association" "hub" {
  resource_arn       = aws_ec2_transit_gateway.hub.arn
  resource_share_arn = aws_ram_resource_share.hub.arn
}

resource "aws_dx_connection" "office" {
  name            = "office"
  bandwidth       = "10Gbps"
  location        = "EqDC2"
  request_macsec  = true
  encryption_mode = "must_encrypt"
}

resource "aws_customer_gateway" "office" {
  bgp_asn    = 65010
  ip_address = "203.0.113.10"
  type       = "ipsec.1"
}

resource "aws_vpn_connection" "office" {
  customer_gateway_id                 = aws_customer_gateway.office.id
  transit_gateway_id                  = aws_ec2_transit_gateway.hub.id
  type                                = "ipsec.1"
  tunnel1_ike_versions                = ["ikev2"]
  tunnel1_phase1_integrity_algorithms = ["SHA2-384"]
  tunnel1_phase2_integrity_algorithms = ["SHA2-384"]
  tunnel1_phase1_dh_group_numbers     = [20]
  tunnel1_phase2_dh_group_numbers     = [20]
  tunnel2_ike_versions                = ["ikev2"]
  tunnel2_phase1_integrity_algorithms = ["SHA2-384"]
  tunnel2_phase2_integrity_algorithms = ["SHA2-384"]
  tunnel2_phase1_dh_group_numbers     = [20]
  tunnel2_phase2_dh_group_numbers     = [20]

  tunnel1_log_options {
    cloudwatch_log_options {
      log_enabled   = true
      log_group_arn = aws_cloudwatch_log_group.shop.arn
    }
  }

  tunnel2_log_options {
    cloudwatch_log_options {
      log_enabled   = true
      log_group_arn = aws_cloudwatch_log_group.shop.arn
    }
  }
}

resource "aws_ec2_client_vpn_endpoint" "staff" {
  description            = "For the staff"
  server_certificate_arn = aws_acm_certificate.shop.arn
  client_cidr_block      = "10.99.0.0/22"
  split_tunnel           = true

  authentication_options {
    type              = "federated-authentication"
    saml_provider_arn = "arn:aws:iam::222222222222:saml-provider/directory"
  }

  connection_log_options {
    enabled               = true
    cloudwatch_log_group  = aws_cloudwatch_log_group.shop.name
    cloudwatch_log_stream = "vpn"
  }
}

resource "aws_ec2_client_vpn_authorization_rule" "shop" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.staff.id
  target_network_cidr    = aws_vpc.shop.cidr_block
  access_group_id        = "shop-administrators"
}
