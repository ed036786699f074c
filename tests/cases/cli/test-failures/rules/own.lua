return rule {
  id = "OWN-001", title = "Own", severity = "low", category = "hygiene", for_each = "aws.s3.bucket",
  check = function(b)
    if b.raw.bucket == "bad" then return fail("bad") end
    if b.raw.bucket == "break" then error("broken") end
  end,
  tests = {
    fail = { [[
resource "aws_s3_bucket" "a" {
  bucket = "good"
}
]] },
    pass = { [[resource "aws_s3_bucket" "b" { bucket = "bad" }]], [[resource "aws_s3_bucket" "c" { bucket = "break" }]], [[nothing = here]] },
    unknown = { [[resource "aws_s3_bucket" "d" { bucket = "good" }]] },
  },
}
