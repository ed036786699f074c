local tags = lib "tags"

local wanted = { "EC2", "ECR", "LAMBDA" }

local function enabler(e)
  local missing = {}
  if e.origin == "live" then
    for _, one in ipairs(wanted) do
      local status = e.status[lower(one)]
      if status == nil then unknown("the state of " .. one .. " was not collected") end
      if status ~= "ENABLED" then missing[#missing + 1] = one end
    end
  else
    -- Types may be spread over several enablers.
    local all = {}
    for _, other in ipairs(graph.all("aws.inspector.enabler")) do
      for _, one in ipairs(list(other.resources)) do all[one] = true end
    end
    for _, one in ipairs(wanted) do
      if not all[one] then missing[#missing + 1] = one end
    end
  end
  if #missing > 0 then
    return fail("Inspector does not look at " .. table.concat(missing, ", "), { case = "inspector", at = e })
  end
end

local function has_classified_bucket()
  for _, bucket in ipairs(graph.all("aws.s3.bucket")) do
    if known(bucket.tags) and tags.sensitive(bucket) then return true end
  end
  return false
end

return rule {
  id = "AWS-DET-004", title = "Vulnerability or sensitive data discovery is off",
  severity = "low", category = "supply-chain",
  frameworks = { "CIS-AWS-3.0:2.1.3", "NIST-800-53r5:RA-5", "PCI-DSS-4.0:6.3.1", "SOC2:CC7.1", "ISO27001-2022:A.8.8" },
  for_each = { "aws.inspector.enabler", "aws.macie.account", "aws.account.region" },
  where = function(e) return e.kind ~= "aws.account.region" or e.used ~= false end,
  description = [[Inspector finds known vulnerabilities in instances, images and functions; Macie personal data in buckets where nobody expects
it.]],
  remediation = [[Set `resource_types = ["EC2", "ECR", "LAMBDA"]` at the `aws_inspector2_enabler`, and add an `aws_macie2_account`.]],
  references = { "https://docs.aws.amazon.com/inspector/latest/user/getting_started.html",
    "https://docs.aws.amazon.com/macie/latest/user/getting-started.html" },
  check = function(e)
    if e.kind == "aws.inspector.enabler" then return enabler(e) end
    if e.kind == "aws.macie.account" then
      if e.status ~= "ENABLED" then return fail("Macie is paused", { case = "macie", at = "status" }) end
      return
    end
    local failures = {}
    if e.inspector ~= "ENABLED" then
      failures[1] = fail("Inspector is off in region " .. e.name, { case = "inspector", at = "inspector" })
    end
    if has_classified_bucket() and e.macie ~= "ENABLED" then
      failures[#failures + 1] = fail("Macie is off in region " .. e.name .. ", although there is classified data",
        { case = "macie", at = "macie" })
    end
    return failures
  end,
  tests = {
    fail = { [[
resource "aws_inspector2_enabler" "fire" {
  account_ids    = ["123456789012"]
  resource_types = ["EC2"]
}]], [[resource "aws_macie2_account" "fire" { status = "PAUSED" }]], live [[
[{"type": "aws:account:region", "name": "fire", "body": {"Used": true}},
 {"type": "aws:inspector2:account", "name": "fire", "body": {"accountId": "1",
  "resourceState": {"ec2": {"status": "ENABLED"}, "ecr": {"status": "DISABLED"}, "lambda": {"status": "ENABLED"}}}}]
]] },
    pass = { [[
resource "aws_inspector2_enabler" "dont_fire" {
  account_ids    = ["123456789012"]
  resource_types = ["EC2", "ECR", "LAMBDA"]
}
resource "aws_macie2_account" "dont_fire" {}]], live [[
[{"type": "aws:account:region", "name": "dont_fire", "body": {"Used": true, "Inspector": {"state": {"status": "ENABLED"}}}}]
]] },
    unknown = { [[
variable "types" { type = list(string) }
resource "aws_inspector2_enabler" "a" { resource_types = var.types }]], live [[
[{"type": "aws:account:region", "name": "a", "body": {"Used": true}, "unknown": {"Inspector": "AccessDenied"}}]
]] },
  },
}
