-- Route 53 zones.

entity "aws.route53.zone" {
  doc = "A hosted zone.",
  terraform = { "aws_route53_zone" },
  live = { "aws:route53:hostedzone" },
  id = { "name", "id", "arn", "zone_id" },
  tags = "tags",
  satellites = {
    log = { "aws_route53_query_log", by = "zone_id" },
  },
  fields = { name = { string, tf = "name", live = "Name" } },
}
