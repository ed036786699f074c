local tags = lib "tags"

local expiry_keys = { "expiry", "expires", "expires-at", "expires-on", "expiration", "expiration-date", "delete-after", "ttl" }

-- What is made for a short time, by its environment tag or its namespace's name.
local function ephemeral(e)
  for _, tag in ipairs(tags.known(e)) do
    if one_of(tags.fold(tag[1]), "environment", "env", "stage")
        and match(tag[2], "(?i)^(?:preview.*|ephemeral|review.*|pr(?:-?[0-9]+)?|pull-?request.*|temp|temporary)$") then
      return true
    end
  end
  return e.kind == "k8s.namespace" and match(e.name, "(?i)^(?:pr-[0-9]+|preview-|review-)|-pr-[0-9]+$") ~= nil
end

return rule {
  id = "TAG-011", title = "Ephemeral environment has no expiry tag",
  severity = "low", category = "cost",
  for_each = { "aws.s3.bucket", "aws.ec2.instance", "aws.ec2.volume", "aws.ec2.eip", "aws.ec2.security_group", "aws.vpc", "aws.vpc.subnet",
    "aws.vpc.nat_gateway", "aws.vpc.endpoint", "aws.rds.instance", "aws.rds.cluster", "aws.kms.key", "aws.eks.cluster",
    "aws.eks.node_group", "aws.iam.role",
    "k8s.namespace" },
  where = ephemeral,
  description = [[What is made for a pull request or a try-out should say when it can go; otherwise it stays and costs.]],
  remediation = [[Add the tag `expires-at` with a date.]],
  references = { "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html" },
  check = function(e)
    local value = tags.first(e, expiry_keys)
    if value == nil and e.raw.metadata ~= nil then
      for _, key in ipairs(keys(e.raw.metadata.annotations)) do
        for _, wanted in ipairs(expiry_keys) do
          if tags.fold(key) == tags.fold(wanted) then return end
        end
      end
    end
    if value == nil or value == "" then return fail(e.name .. " belongs to a short-lived environment and has no expiry date") end
  end,
  tests = {
    fail = { [[resource "aws_vpc" "fire" { tags = { Environment = "preview" } }]] },
    pass = { [[
resource "aws_vpc" "dont_fire" {
  tags = {
    Environment = "preview"
    ExpiresAt   = "2027-01-31"
  }
}]] },
    unknown = { [[
variable "expiry" {}
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
  tags       = { environment = "preview", expires-at = var.expiry }
}]] },
  },
}
