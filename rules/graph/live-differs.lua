local function drift_of(e) return graph.drift(e) or false end

-- Where the live thing says it, so that the report leads to both sides.
local function text_of(change)
  local function shown(value) return value ~= "" and value or "nothing" end
  return change.field .. " is " .. shown(change.live) .. ", in code " .. shown(change.code)
end

local both = [[
resource "aws_db_instance" "orders" {
  identifier          = "orders"
  storage_encrypted   = true
  publicly_accessible = false
}]]

local function account(name, body, refused)
  return '[{"type": "aws:rds:db", "name": "' .. name .. '", "id": "arn:aws:rds:eu-west-1:123456789012:db:' .. name
    .. '", "account": "123456789012", "region": "eu-west-1", "body": {"DBInstanceIdentifier": "' .. name .. '"' .. body
    .. '}, "unknown": {' .. (refused or "") .. '}}]'
end

return rule {
  id = "GRAPH-027", title = "Live configuration differs from code", severity = "medium", category = "hygiene",
  aliases = {},
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = { "aws.*", "gcp.*" },
  where = function(e)
    return e.origin == "live" and memo(e, "graph.drift", drift_of) ~= false
  end,
  description = [[What was changed by hand is gone with the next apply, or is what an intruder left. What is in no code is reviewed by
nobody. Judged where code and answers of an account are scanned together; tags alone are no finding. `assay drift` shows the same with
the rules that it breaks.]],
  remediation = [[Apply the code again, or bring the change into the code; import what is unmanaged, or delete it.]],
  references = { "https://developer.hashicorp.com/terraform/tutorials/state/resource-drift",
    "https://developer.hashicorp.com/terraform/language/import" },
  check = function(e)
    local drift = memo(e, "graph.drift", drift_of)
    if drift.unmanaged then return fail(e.name .. " is live but in no code", { case = "unmanaged", severity = "low" }) end
    local texts, at = {}, nil
    for _, change in ipairs(drift.changes) do
      if not change.tag then
        texts[#texts + 1] = text_of(change)
        at = at or change.at
      end
    end
    if #texts > 0 then
      return fail(e.name .. " differs from " .. drift.code.address .. ": " .. table.concat(texts, "; "),
        { case = "changed", at = at or e, evidence = { { drift.code, "declared here" } } })
    end
    if drift.doubt then unknown(drift.doubt) end
  end,
  tests = {
    fail = {
      files { ["main.tf"] = both, ["fire.assay-live.json"] = account("orders", ', "StorageEncrypted": true, "PubliclyAccessible": true') },
      files { ["main.tf"] = both, ["fire.assay-live.json"] = account("other", ', "StorageEncrypted": true, "PubliclyAccessible": false') },
    },
    pass = {
      files { ["main.tf"] = both, ["account.assay-live.json"] = account("orders", ', "StorageEncrypted": true, "PubliclyAccessible": false') },
    },
    unknown = {
      files { ["main.tf"] = both,
        ["a.assay-live.json"] = account("orders", ', "StorageEncrypted": true', '"PubliclyAccessible": "AccessDenied"') },
    },
  },
}
