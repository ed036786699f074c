module "n" {
  source = "../"
}
