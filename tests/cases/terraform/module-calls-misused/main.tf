provider "aws" {
  alias = "far"
}
module "a" {
  source  = "./m"
  version = "1.0.0"
  extra   = 1
}
module "b" {
  source    = "./m"
  needed    = 1
  providers = aws
  count     = 1
  for_each  = {}
}
module "c" {
  source = "./m"
  needed = 1
  providers = {
    aws     = aws.far
    aws     = aws
    aws.x   = aws.far
    "aws.y" = aws.far
    google  = 5
  }
  depends_on = [aws_s3_bucket.none, 5, "module.a", action.x.y]
  provider "x" {
  }
  _ {
    more = 1
  }
  _ {
  }
}
module "d" {
}
module "e e" {
  source = "./m"
  needed = 1
}
module "f" {
  source  = "a/b/c"
  version = "newest"
}
module "g" {
  source     = "./m"
  needed     = 1
  depends_on = aws_s3_bucket.x
}
