provider "aws" {
  default_tags { tags = { owner = "platform" } }
}
resource "aws_s3_bucket" "unclassified" {}
resource "aws_sqs_queue" "fine" {}
