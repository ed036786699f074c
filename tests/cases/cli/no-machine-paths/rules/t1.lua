return rule {
  id = "T-001", title = "Bucket is private", severity = "high", category = "access",
  aliases = { "CKV_T_1", "AVD-T-0001" },
  for_each = "terraform.resource",
  description = "Everyone can read a public bucket.", remediation = "Set `acl` to private.",
  check = function(r)
    if r.raw.acl ~= "private" then return fail("bucket " .. r.name .. " is not private") end
  end,
  tests = {
    fail = { [[resource "acme_bucket" "fire" {}]] },
    pass = { [[resource "acme_bucket" "dont_fire" { acl = "private" }]] },
  },
}
