-- CloudFront.

entity "aws.cloudfront.distribution" {
  doc = "A content delivery network's front.",
  terraform = { "aws_cloudfront_distribution" },
  live = { "aws:cloudfront:distribution" },
  id = { "id", "arn", "Id" },
  tags = "tags",
  fields = {
    ["certificate.default"] = { bool, tf = "viewer_certificate.cloudfront_default_certificate", default = false },
    ["certificate.version"] = { string, tf = "viewer_certificate.minimum_protocol_version", default = "TLSv1" },
    firewall = { string, tf = "web_acl_id", live = "WebACLId" },
    root = { string, tf = "default_root_object", live = "DefaultRootObject" },
    geography = { string, tf = "restrictions.geo_restriction.restriction_type", default = "none" },
  },
  edges = { { "logs_to", tf = "logging_config.bucket" } },
}
