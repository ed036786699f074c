local function small(b)
  return b.name == "small"
end

return rule {
  id = "OWN-001", title = "Own", severity = "low", category = "hygiene",
  for_each = "aws.s3.bucket",
  check = function(b)
    if small(b) then
      return fail("small")
    end
    if b.name == "large" then
      return fail("large")
    end
  end,
  tests = {
    fail = { [[resource "aws_s3_bucket" "fire" { bucket = "large" }]] },
    pass = { [[resource "aws_s3_bucket" "dont_fire" { bucket = "other" }]] },
  },
}
