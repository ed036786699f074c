provider "aws" {
  region = "cn-north-1"
}
provider "aws" {
  alias  = "gov"
  region = "us-gov-west-1"
}
data "aws_arn" "a" {
  arn = "arn:aws:rds:eu-west-1:123456789012:db:mysql-db"
}
data "aws_arn" "bad" {
  arn = "not:an:arn"
}
data "aws_arn" "short" {
  arn = "arn:aws:s3"
}
data "aws_partition" "here" {}
data "aws_partition" "gov" {
  provider = aws.gov
}
data "aws_region" "here" {}
data "aws_region" "named" {
  name = "us-isob-east-1"
}
data "aws_region" "own" {
  region = "eu-west-1"
}
data "google_iam_policy" "p" {
  binding {
    role    = "roles/viewer"
    members = ["user:b@example.com", "user:a@example.com"]
  }
  binding {
    role    = "roles/editor"
    members = ["user:<c>@example.com"]
    condition {
      title      = "t"
      expression = "e"
    }
  }
}
data "template_file" "t" {
  template = "hello $${name}, %%{ if loud }HEY%%{ endif }"
  vars = {
    name = "world"
    loud = true
  }
}
data "template_file" "bad" {
  template = "hello $${name"
}
data "local_file" "l" {
  filename = "${path.module}/text.txt"
}
data "local_file" "none" {
  filename = "none.txt"
}
data "local_file" "outside" {
  filename = "../../../etc/passwd"
}
output "arn" {
  value = "${data.aws_arn.a.partition}|${data.aws_arn.a.service}|${data.aws_arn.a.region}|${data.aws_arn.a.account}|${data.aws_arn.a.resource}|${data.aws_arn.a.id}"
}
output "partitions" {
  value = [data.aws_partition.here.id, data.aws_partition.here.dns_suffix, data.aws_partition.gov.partition, data.aws_partition.gov.reverse_dns_prefix]
}
output "regions" {
  value = [data.aws_region.here.name, data.aws_region.here.endpoint, data.aws_region.named.endpoint, data.aws_region.own.id]
}
output "policy" {
  value = data.google_iam_policy.p.policy_data
}
output "template" {
  value = data.template_file.t.rendered
}
output "file" {
  value = data.local_file.l.content
}
output "unknown" {
  value = data.aws_arn.bad.service
}
