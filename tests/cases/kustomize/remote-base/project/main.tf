module "store" {
  source = "git::https://example.com/terraform-aws-store.git?ref=v1.2.0"
  name   = "orders"
}
