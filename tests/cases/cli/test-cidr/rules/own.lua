local want = {
  { "0.0.0.0/0", true, false, 4294967296 },
  { "::/0", true, false, 2.0 ^ 128 },
  { "10.1.2.0/24", false, true, 256 },
  { "fd00::/8", false, true, 2.0 ^ 120 },
  { "192.0.2.1/32", false, false, 1 },
  { "2001:db8::/64", false, false, 2.0 ^ 64 },
  { "2001:db8::/66", false, false, 4611686018427387904 },
}
local inside = {
  { "10.0.0.0/8", "10.1.2.0/24", true }, { "10.1.2.0/24", "10.0.0.0/8", false }, { "10.0.0.0/8", "11.0.0.0/8", false },
  { "::/0", "10.0.0.0/8", false }, { "2001:db8::/32", "2001:db8:1::/48", true },
}

return rule {
  id = "OWN-001", title = "Own", severity = "low", category = "hygiene", for_each = "aws.s3.bucket",
  check = function(b)
    if b.raw.bucket == "fire" then return fail("fire") end
    for _, w in ipairs(want) do
      if cidr.any(w[1]) ~= w[2] or cidr.private(w[1]) ~= w[3] or cidr.size(w[1]) ~= w[4] then
        return fail(w[1] .. " " .. tostring(cidr.any(w[1])) .. " " .. tostring(cidr.private(w[1])) .. " " .. tostring(cidr.size(w[1])))
      end
    end
    for _, w in ipairs(inside) do
      if cidr.contains(w[1], w[2]) ~= w[3] then return fail(w[1] .. " and " .. w[2]) end
    end
    for _, none in ipairs({ "", "10.0.0.0/33", "everything", 5 }) do
      if cidr.any(none) ~= nil or cidr.private(none) ~= nil or cidr.size(none) ~= nil or cidr.contains("10.0.0.0/8", none) ~= nil then
        return fail(tostring(none) .. " is no network")
      end
    end
  end,
  tests = {
    fail = { [[resource "aws_s3_bucket" "fire" { bucket = "fire" }]] },
    pass = { [[resource "aws_s3_bucket" "dont-fire" {}]] },
  },
}
