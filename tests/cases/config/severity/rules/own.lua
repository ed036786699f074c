return rule {
  id = "OWN-001", title = "Own", severity = "medium", category = "hygiene", for_each = "aws.s3.bucket",
  check = function(b) return { fail("plain of " .. b.name), fail("grave of " .. b.name, { severity = "critical" }),
    fail("mild of " .. b.name, { severity = "info" }) } end,
}
