-- A search for unused access is no search for access from outside.
local external = { ACCOUNT = true, ORGANIZATION = true }

return rule {
  id = "AWS-IAM-025", title = "Access Analyzer is off in a used region",
  severity = "medium", category = "least-privilege",
  aliases = { "AVD-AWS-0175" },
  frameworks = { "CIS-AWS-3.0:1.20", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  -- Code says which analyzers it makes, never that there are no others: only an account can lack one. An analyzer in
  -- code is judged by what it looks for.
  for_each = { "aws.account.region", "aws.accessanalyzer.analyzer" },
  where = function(e)
    if e.kind == "aws.account.region" then return e.used ~= false end
    return e.origin ~= "live"
  end,
  description = [[An analyzer of the account or the organisation tells when a policy lets somebody outside in. It works in its own region
only.]],
  remediation = [[Make an analyzer of type ACCOUNT or ORGANIZATION in each region in use.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html" },
  check = function(e)
    if e.kind == "aws.accessanalyzer.analyzer" then
      if external[e.raw.type or "ACCOUNT"] then return end
      for _, other in ipairs(graph.all("aws.accessanalyzer.analyzer")) do
        if external[other.raw.type or "ACCOUNT"] then return end
      end
      unknown("this analyzer looks for unused access; one for access from outside may be made elsewhere")
    end
    if e.analyzers == nil then unknown("analyzers were not collected") end
    for _, analyzer in ipairs(e.analyzers) do
      if external[analyzer.type or analyzer.Type] and (analyzer.status or analyzer.Status) == "ACTIVE" then return end
    end
    return fail("region " .. e.name .. " has no active analyzer of access from outside", { at = "analyzers" })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:account:region", "name": "fire", "body": {"Used": true, "Analyzers": []}}]
]], live [[
[{"type": "aws:account:region", "name": "fire", "body": {"Used": true,
  "Analyzers": [{"name": "u", "type": "ACCOUNT_UNUSED_ACCESS", "status": "ACTIVE"}]}}]
]] },
    pass = { live [[
[{"type": "aws:account:region", "name": "dont_fire", "body": {"Used": true,
  "Analyzers": [{"name": "a", "type": "ORGANIZATION", "status": "ACTIVE"}]}}]
]], [[resource "aws_accessanalyzer_analyzer" "dont_fire" { analyzer_name = "a" }]] },
    unknown = { live [[
[{"type": "aws:account:region", "name": "a", "body": {"Used": true}, "unknown": {"Analyzers": "AccessDenied"}}]
]], [[
resource "aws_accessanalyzer_analyzer" "a" {
  analyzer_name = "a"
  type          = "ACCOUNT_UNUSED_ACCESS"
}]] },
  },
}
