return rule {
  id = "T-001", title = "Bucket is private", severity = "critical", category = "access",
  aliases = { "CKV_T_1" }, frameworks = { "NIST-800-53r5:AC-3", "CIS-AWS-3.0:2.1.4" },
  for_each = "terraform.resource",
  description = "Everyone can read a public bucket.",
  remediation = "Set `acl` to private.",
  references = { "https://example.org/acl" },
  check = function(r)
    if r.raw.acl ~= "private" then return fail("bucket " .. r.name .. " has the ACL " .. r.raw.acl) end
  end,
  tests = {
    fail = { [[resource "acme_bucket" "fire" { acl = "public" }]] },
    pass = { [[resource "acme_bucket" "dont_fire" { acl = "private" }]] },
    unknown = { [[
variable "x" {}
resource "acme_bucket" "unknown" { acl = var.x }]] },
  },
}
