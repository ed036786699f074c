-- Route 53: zones, records, health checks, domains.

entity "aws.route53.zone" {
  doc = "A hosted zone.",
  terraform = { "aws_route53_zone" },
  live = { "aws:route53:hostedzone" },
  id = { "name", "id", "arn", "zone_id", "Id" },
  tags = "tags",
  satellites = {
    log = { "aws_route53_query_log", by = "zone_id" },
    dnssec = { "aws_route53_hosted_zone_dnssec", by = "hosted_zone_id" },
    signing_key = { "aws_route53_key_signing_key", by = "hosted_zone_id" },
    association = { "aws_route53_zone_association", by = "zone_id" },
  },
  fields = {
    name = { string, tf = "name", live = "Name" },
    private = { bool, tf = "vpc ?", live = "Config.PrivateZone", default = false },
    signing = { string, tf = "@dnssec.signing_status", live = "DNSSEC.Status.ServeSignature" },
    networks = { list, tf = "vpc[].vpc_id", live = "VPCs[].VPCId" },
  },
}

entity "aws.route53.dnssec" {
  doc = "Whether a zone is signed.",
  terraform = { "aws_route53_hosted_zone_dnssec" },
  id = { "id" },
  fields = { status = { string, tf = "signing_status", default = "SIGNING" } },
}

entity "aws.route53.signing_key" {
  doc = "A key that signs a zone.",
  terraform = { "aws_route53_key_signing_key" },
  id = { "name", "id" },
  fields = { status = { string, tf = "status", default = "ACTIVE" }, key = { string, tf = "key_management_service_arn" } },
  edges = { { "encrypts", tf = "key_management_service_arn", reverse = true } },
}

entity "aws.route53.zone_association" {
  doc = "A network that resolves names of a private zone.",
  terraform = { "aws_route53_zone_association" },
  id = { "id" },
  fields = { zone = { string, tf = "zone_id" }, network = { string, tf = "vpc_id" } },
  edges = { { "attached_to", tf = "vpc_id" } },
}

entity "aws.route53.record" {
  doc = "A name and what it stands for.",
  terraform = { "aws_route53_record" },
  live = { "aws:route53:record" },
  id = { "fqdn", "name", "id", "Name" },
  fields = {
    name = { string, tf = "name", live = "Name" },
    sort = { string, tf = "type", live = "Type", doc = "A, AAAA, CNAME, …" },
    zone = { string, tf = "zone_id", live = "HostedZoneId" },
    values = { list, tf = "records", live = "ResourceRecords[].Value" },
    ["alias.name"] = { string, tf = "alias.name", live = "AliasTarget.DNSName" },
    ["alias.evaluated"] = { bool, tf = "alias.evaluate_target_health", live = "AliasTarget.EvaluateTargetHealth", default = false },
    health_check = { string, tf = "health_check_id", live = "HealthCheckId" },
  },
  edges = {
    { "routes_to", tf = "alias.name" },
    { "routes_to", tf = "records" },
  },
}

entity "aws.route53.health_check" {
  doc = "Whether an endpoint answers.",
  terraform = { "aws_route53_health_check" },
  live = { "aws:route53:healthcheck" },
  id = { "id", "arn", "Id" },
  tags = "tags",
  fields = {
    disabled = { bool, tf = "disabled", live = "HealthCheckConfig.Disabled", default = false },
    protocol = { string, tf = "type", live = "HealthCheckConfig.Type" },
  },
}

entity "aws.route53.registered_domain" {
  doc = "A domain bought from AWS.",
  terraform = { "aws_route53domains_registered_domain" },
  live = { "aws:route53domains:domain" },
  id = { "domain_name", "id", "DomainName" },
  tags = "tags",
  fields = {
    transfer_lock = { bool, tf = "transfer_lock", live = "TransferLock", default = true },
    auto_renew = { bool, tf = "auto_renew", live = "AutoRenew", default = true },
  },
}
