return rule {
  id = "T-002", title = "Bucket is in an allowed region", severity = "low", category = "location",
  for_each = "terraform.resource",
  description = "Data must stay where it may be.", remediation = "Use an allowed region.",
  check = function(r)
    local allowed = param("bucket.regions", { "eu" })
    if not has(allowed, r.raw.region) then return fail("region of " .. r.name .. " is not allowed") end
  end,
  tests = {
    fail = { [[resource "acme_bucket" "fire" { region = "us" }]] },
    pass = { [[resource "acme_bucket" "dont_fire" { region = "eu" }]] },
  },
}
