-- CloudFront.

entity "aws.cloudfront.distribution" {
  doc = "A content delivery network's front.",
  terraform = { "aws_cloudfront_distribution" },
  live = { "aws:cloudfront:distribution" },
  id = { "id", "arn", "domain_name", "Id", "DomainName" },
  tags = "tags",
  fields = {
    ["certificate.default"] = { bool, tf = "viewer_certificate.cloudfront_default_certificate",
      live = "ViewerCertificate.CloudFrontDefaultCertificate", default = false },
    ["certificate.version"] = { string, tf = "viewer_certificate.minimum_protocol_version",
      live = "ViewerCertificate.MinimumProtocolVersion", default = "TLSv1" },
    firewall = { string, tf = "web_acl_id", live = "WebACLId" },
    root = { string, tf = "default_root_object", live = "DefaultRootObject" },
    geography = { string, tf = "restrictions.geo_restriction.restriction_type", live = "Restrictions.GeoRestriction.RestrictionType",
      default = "none" },
    origins = { list, tf = "origin", live = "Origins.Items" },
    origin_groups = { list, tf = "origin_group", live = "OriginGroups.Items" },
    behaviours = { list, tf = "ordered_cache_behavior", live = "CacheBehaviors.Items" },
  },
  edges = {
    { "logs_to", tf = "logging_config.bucket", live = "Logging.Bucket" },
    { "routes_to", tf = "origin[].domain_name" },
    { "exposes", tf = "origin[].domain_name" },
  },
}

entity "aws.cloudfront.access_control" {
  doc = "How a distribution signs its requests to an origin.",
  terraform = { "aws_cloudfront_origin_access_control" },
  live = { "aws:cloudfront:originaccesscontrol" },
  id = { "id", "name", "Id" },
  fields = {
    name = { string, tf = "name", live = { "OriginAccessControlConfig.Name", "Name" } },
    signing = { string, tf = "signing_behavior", live = { "OriginAccessControlConfig.SigningBehavior", "SigningBehavior" } },
  },
}

entity "aws.cloudfront.response_headers" {
  doc = "Headers that a distribution adds to answers.",
  terraform = { "aws_cloudfront_response_headers_policy" },
  live = { "aws:cloudfront:responseheaderspolicy" },
  id = { "id", "name", "Id" },
  fields = {
    name = { string, tf = "name", live = "ResponseHeadersPolicyConfig.Name" },
    ["hsts.age"] = { number, tf = "security_headers_config.strict_transport_security.access_control_max_age_sec",
      live = "ResponseHeadersPolicyConfig.SecurityHeadersConfig.StrictTransportSecurity.AccessControlMaxAgeSec" },
    ["hsts.subdomains"] = { bool, tf = "security_headers_config.strict_transport_security.include_subdomains",
      live = "ResponseHeadersPolicyConfig.SecurityHeadersConfig.StrictTransportSecurity.IncludeSubdomains", default = false },
    ["hsts.preload"] = { bool, tf = "security_headers_config.strict_transport_security.preload",
      live = "ResponseHeadersPolicyConfig.SecurityHeadersConfig.StrictTransportSecurity.Preload", default = false },
    ["hsts.override"] = { bool, tf = "security_headers_config.strict_transport_security.override",
      live = "ResponseHeadersPolicyConfig.SecurityHeadersConfig.StrictTransportSecurity.Override", default = false },
  },
}
