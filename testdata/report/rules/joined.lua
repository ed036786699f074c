return rule {
  id = "T-002", title = "Buckets are apart", severity = "low", category = "network",
  for_each = "terraform.resource",
  description = "Every bucket stands alone.",
  check = function(r)
    if r.name ~= "fire" then return end
    return fail("bucket fire leads to another", { evidence = { { r, "it begins at fire" }, { r, "and goes over its ACL" } } })
  end,
  tests = {
    fail = { [[resource "acme_bucket" "fire" { acl = "public" }]] },
    pass = { [[resource "acme_bucket" "dont_fire" {}]] },
  },
}
