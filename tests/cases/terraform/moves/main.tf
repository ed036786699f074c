resource "aws_s3_bucket" "new" {}
resource "aws_s3_bucket" "kept" {
  for_each = toset(["a"])
}
module "m" {
  source = "./m"
}
moved {
  from = aws_s3_bucket.old
  to   = aws_s3_bucket.new
}
moved {
  from = aws_s3_bucket.kept[0]
  to   = aws_s3_bucket.kept["a"]
}
moved {
  from = module.old
  to   = module.m
}
moved {
  from = module.m.aws_s3_bucket.inner
  to   = aws_s3_bucket.new
}
moved {
  from = module.m["k"].module.n
  to   = aws_s3_bucket.new
}
moved {
  from = module.m
  to   = var.x[local.y]
}
removed {
  from = aws_s3_bucket.gone
  lifecycle {
    destroy = false
  }
  provisioner "local-exec" {
    when    = destroy
    command = "true"
  }
  connection {
    host = "h"
  }
}
removed {
  from = module.gone
  connection {
    host = "h"
  }
  provisioner "local-exec" {
    when = destroy
  }
}
removed {
  from = aws_s3_bucket.gone2
  provisioner "local-exec" {
    command = "true"
  }
}
removed {
  from = local.x[count.index]
}
import {
  to = aws_s3_bucket.kept["a"]
  id = "a"
}
import {
  for_each = { a = "b" }
  to       = aws_s3_bucket.kept[each.key]
  id       = each.value
  provider = aws
}
import {
  to = data.aws_s3_bucket.x
  id = "x"
}
import {
  to = aws_s3_bucket.new
}
import {
  to = aws_s3_bucket.new
  id = "x"
  identity = {
    bucket = "x"
  }
}
