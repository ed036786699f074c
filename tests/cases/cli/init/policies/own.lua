return rule {
  id = "OWN-001", title = "Own", severity = "low", category = "hygiene",
  for_each = "aws.s3.bucket",
  check = function(b)
    if b.name == "x" then return fail("x") end
  end,
}
