local s3 = lib "s3"
local iam = lib "iam"

local function refuses_http(s)
  if s.effect ~= "Deny" then return false end
  for _, c in ipairs(s.conditions) do
    if c.key == "aws:securetransport" and match(c.operator, "^Bool") then
      for _, value in ipairs(iam.values(c)) do
        if tostring(value) == "false" then return iam.takes(s, "s3:GetObject") end
      end
    end
    if c.key == "s3:tlsversion" and match(c.operator, "^NumericLessThan") then return iam.takes(s, "s3:GetObject") end
  end
  return false
end

return rule {
  id = "AWS-S3-007", title = "Bucket policy does not refuse plain HTTP",
  severity = "medium", category = "encryption",
  aliases = { "CKV_AWS_379" },
  frameworks = { "CIS-AWS-3.0:2.1.1", "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7",
    "ISO27001-2022:A.8.24" },
  for_each = "aws.s3.bucket",
  description = [[S3 answers plain HTTP as well. Only a Deny for requests without TLS makes sure that no data and no signed request
crosses a network in the clear.]],
  remediation = [[Add a Deny on `s3:*` for the bucket and its objects with `Bool` `aws:SecureTransport` `false`.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html" },
  -- CKV_AWS_379 asks this of public buckets with an ACL resource only; the row's condition holds for every bucket.
  check = function(b)
    local policies = b:satellites("policy")
    if #policies == 0 and b.raw.policy == nil and b.raw.Policy == nil then
      return fail("bucket " .. b.name .. " has no policy that refuses plain HTTP")
    end
    policies[#policies + 1] = b
    local open
    for _, holder in ipairs(policies) do
      for _, s in ipairs(s3.policy(holder)) do
        if refuses_http(s) then return end
      end
      open = open or holder
    end
    return fail("the policy of bucket " .. b.name .. " does not refuse plain HTTP", { at = open })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire",
  "body": {"Policy": {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::good/*"}]}}}]
]], [[resource "aws_s3_bucket" "fire" {}]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire",
  "body": {"Policy": {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}}}]
]], [[
resource "aws_s3_bucket" "dont_fire" {}
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.dont_fire.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:*", Resource = "*",
      Condition = { Bool = { "aws:SecureTransport" = "false" } } }]
  })
}]] },
    unknown = { [[
variable "policy" {}
resource "aws_s3_bucket" "a" {}
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.a.id
  policy = var.policy
}]] },
  },
}
