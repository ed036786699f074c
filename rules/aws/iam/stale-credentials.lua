local time = lib "time"

local keys_of = { "access_key_1", "access_key_2" }

-- Days since a column of the report; nil where it holds no date ("N/A", "no_information").
local function age(e, now, column)
  local day = time.day(e.raw[column])
  return day and now - day
end

local function password(e, now, most)
  if e.password ~= "true" then return end
  local idle = age(e, now, "password_last_used") or age(e, now, "password_last_changed")
  if idle and idle > most then
    return fail("the password of " .. e.name .. " has not been used for " .. idle .. " days", { case = "unused", at = "password_used" })
  end
end

local function key(e, now, name, limits)
  if e.raw[name .. "_active"] ~= "true" then return end
  local failures = {}
  local old = age(e, now, name .. "_last_rotated")
  local idle = age(e, now, name .. "_last_used_date") or old
  if idle and idle > limits.idle then
    failures[#failures + 1] = fail(name .. " of " .. e.name .. " has not been used for " .. idle .. " days", { case = "unused", at = e })
  end
  if old and old > limits.old then
    failures[#failures + 1] = fail(name .. " of " .. e.name .. " is " .. old .. " days old", { case = "old", at = e })
  end
  return failures
end

return rule {
  id = "AWS-IAM-022", title = "Credentials are unused, too old or doubled",
  severity = "medium", category = "least-privilege",
  aliases = { ["AVD-AWS-0144"] = "unused", ["AVD-AWS-0166"] = "unused", ["AVD-AWS-0146"] = "old", ["AVD-AWS-0167"] = "doubled" },
  frameworks = { "CIS-AWS-3.0:1.12", "CIS-AWS-3.0:1.13", "CIS-AWS-3.0:1.14", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2",
    "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "aws.iam.credential",
  where = function(e) return e.name ~= "<root_account>" end,
  description = [[Credentials that nobody uses are missed by nobody when they are stolen; old keys have been in many places, and of two
active keys one is forgotten. The limits are the parameters `unused_days` and `key_days`.]],
  remediation = [[Delete what is not used, and replace keys with roles, or rotate them.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html" },
  check = function(e)
    local now = time.now(e)
    local limits = { idle = param("unused_days", 45), old = param("key_days", 90) }
    local failures = { password(e, now, limits.idle) }
    local active = 0
    for _, name in ipairs(keys_of) do
      if e.raw[name .. "_active"] == "true" then active = active + 1 end
      for _, failure in ipairs(key(e, now, name, limits) or {}) do failures[#failures + 1] = failure end
    end
    if active > 1 then
      failures[#failures + 1] = fail(e.name .. " has two active access keys", { case = "doubled", at = e })
    end
    return failures
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:credential-report", "name": "fire", "time": "2026-03-31T00:00:00Z",
  "body": {"user": "fire", "password_enabled": "true", "password_last_used": "2026-01-31T10:00:00+00:00",
    "access_key_1_active": "false", "access_key_2_active": "false"}}]
]], live [[
[{"type": "aws:iam:credential-report", "name": "fire", "time": "2026-03-31T00:00:00Z",
  "body": {"user": "fire", "password_enabled": "false", "access_key_1_active": "true",
    "access_key_1_last_rotated": "2025-11-30T10:00:00+00:00", "access_key_1_last_used_date": "2026-03-30T10:00:00+00:00",
    "access_key_2_active": "false"}}]
]], live [[
[{"type": "aws:iam:credential-report", "name": "fire", "time": "2026-03-31T00:00:00Z",
  "body": {"user": "fire", "password_enabled": "false", "access_key_1_active": "true",
    "access_key_1_last_rotated": "2026-03-01T10:00:00+00:00", "access_key_1_last_used_date": "2026-03-30T10:00:00+00:00",
    "access_key_2_active": "true", "access_key_2_last_rotated": "2026-03-20T10:00:00+00:00",
    "access_key_2_last_used_date": "N/A"}}]
]] },
    pass = { live [[
[{"type": "aws:iam:credential-report", "name": "dont_fire", "time": "2026-03-31T00:00:00Z",
  "body": {"user": "dont_fire", "password_enabled": "true", "password_last_used": "2026-03-30T10:00:00+00:00",
    "access_key_1_active": "true", "access_key_1_last_rotated": "2026-01-31T10:00:00+00:00",
    "access_key_1_last_used_date": "2026-03-30T10:00:00+00:00", "access_key_2_active": "false"}}]
]] },
    unknown = { live [[
[{"type": "aws:iam:credential-report", "name": "a", "body": {"user": "a", "password_enabled": "true"}}]
]] },
  },
}
