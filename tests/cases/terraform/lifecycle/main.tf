variable "v" {}
resource "aws_s3_bucket" "a" {
  lifecycle {
    ignore_changes = "all"
  }
}
resource "aws_s3_bucket" "b" {
  lifecycle {
    ignore_changes = ["*"]
  }
}
resource "aws_s3_bucket" "c" {
  lifecycle {
    ignore_changes = [tags["a"], "bucket", upper("x")]
  }
  lifecycle {
  }
  connection {
  }
  connection {
  }
  _ {
    bucket = "c"
  }
  _ {
  }
  locals {
  }
}
resource "aws_s3_bucket" "d" {
  lifecycle {
    precondition {
      condition     = aws_s3_bucket.d.bucket == "x"
      error_message = "x ${aws_s3_bucket.d.bucket}"
    }
    postcondition {
      condition     = self.bucket != ""
      error_message = "x"
    }
    postcondition {
      condition     = true
      error_message = "x"
    }
    prevent_destroy = "perhaps"
  }
}
data "aws_s3_bucket" "e" {
  lifecycle {
    prevent_destroy = true
    postcondition {
      condition     = data.aws_s3_bucket.e.arn != "" && var.v != ""
      error_message = "x"
    }
  }
}
ephemeral "random_password" "f" {
  length = 1
  lifecycle {
    create_before_destroy = true
    precondition {
      condition     = var.v != ""
      error_message = "x"
    }
  }
}
check "c" {
  data "aws_s3_bucket" "g" {
    count    = 2
    lifecycle {
    }
  }
  data "aws_s3_bucket" "h" {
  }
}
