-- luacheck: no max line length
local tags, backup, cron = lib "tags", lib "backup", lib "cron"

local objective_keys = { "rpo", "recovery-point-objective", "recovery-point" }
local class_keys = { "backup-class", "backup" }
local units = { m = 1 / 60, h = 1, d = 24 }

-- Hours of "15m", "4h", "1 day", "PT4H"; a number alone is hours.
local function hours_of(text)
  local number, unit = string.match(lower(text), "^p?t?%s*(%d+)%s*(%a?)")
  if number == nil then return nil end
  return tonumber(number) * (units[unit == "" and "h" or unit] or 1)
end

-- The objective in hours and what says so; nil where nothing does.
local function objective(e)
  local text, key = tags.first(e, objective_keys)
  if text ~= nil then return hours_of(tostring(text)), key .. " = " .. text end
  local class, class_key = tags.first(e, class_keys)
  if class == nil then return nil end
  local hours = param("rpo_hours", {})[lower(tostring(class))]
  return hours, hours and class_key .. " = " .. class
end

-- Databases keep their logs while automated backups are on: five minutes may be lost.
local own_backups = {
  ["aws.rds.instance"] = function(e) return (e.backup.days or 0) > 0 and 1 / 12 or nil end,
  ["aws.rds.cluster"] = function(e) return e.backup.days > 0 and 1 / 12 or nil end,
  ["aws.dynamodb.table"] = function(e) return e.recovery and 1 / 12 or nil end,
  ["gcp.sql.instance"] = function(e)
    if not e.backup.enabled then return nil end
    return (e.backup.point_in_time or e.backup.binary_log) and 1 / 12 or 24
  end,
}

local function interval_of(one)
  if one.enable_continuous_backup or one.EnableContinuousBackup then return 1 / 12 end
  local schedule = one.schedule or one.ScheduleExpression
  return schedule and cron.hours(schedule)
end

-- The shortest interval of plans that take the store; then why there may be a shorter one.
local function planned(e)
  local shortest, open
  local selections, unsure, n = backup.selections(e)
  for _, selection in ipairs(selections) do
    local rules = backup.rules_of(selection)
    if rules == nil then open = "the plan of " .. selection.address .. " is not in the scan" end
    for _, one in ipairs(rules or {}) do
      local hours = interval_of(one)
      if hours == nil then
        open = open or "the schedule of a plan is not understood"
      elseif shortest == nil or hours < shortest then
        shortest = hours
      end
    end
  end
  if unsure then open = open or "what a backup selection takes is not known" end
  if n == 0 and starts(e.kind, "aws.") then open = open or "no backup plan is in the scan; another stack may hold it" end
  return shortest, open
end

local function shown(hours)
  if hours < 1 then return math.floor(hours * 60 + 0.5) .. " minutes" end
  return string.format("%g hour%s", hours, hours == 1 and "" or "s")
end

return rule {
  id = "GRAPH-022", title = "Store misses its recovery point objective", severity = "high", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = { "aws.rds.instance", "aws.rds.cluster", "aws.dynamodb.table", "aws.efs.file_system", "aws.ec2.volume", "gcp.sql.instance" },
  where = function(e) return objective(e) ~= nil end,
  description = [[The objective is the tag `rpo` (`15m`, `4h`, `1d`), else that of the tag `backup-class`, where the parameter `rpo_hours`
says what the classes ask for (`{ gold: 1, silver: 12 }`). Compared is the shortest interval that reaches the store: point-in-time recovery of the service, and the
schedules of AWS Backup plans whose selections take it.]],
  remediation = [[Turn on point-in-time recovery, or add the store to a plan with a schedule that is short enough.]],
  references = { "https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html",
    "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_objective_defined_recovery.html" },
  check = function(e)
    local wanted, says = objective(e)
    local own = own_backups[e.kind] and own_backups[e.kind](e)
    if own ~= nil and own <= wanted then return end
    local shortest, open = planned(e)
    if own ~= nil and (shortest == nil or own < shortest) then shortest = own end
    if shortest ~= nil and shortest <= wanted then return end
    if open then unknown(open) end
    if shortest == nil then return fail("nothing backs up " .. e.name .. ", which asks for " .. shown(wanted) .. " (" .. says .. ")", { at = "tags" }) end
    return fail("backups of " .. e.name .. " are " .. shown(shortest) .. " apart, it asks for " .. shown(wanted) .. " (" .. says .. ")", { at = "tags" })
  end,
  tests = {
    fail = {
      [[
resource "google_sql_database_instance" "fire" {
  name = "orders"
  settings {
    tier = "db-f1-micro"
    user_labels = { rpo = "1h" }
    backup_configuration { enabled = true }
  }
}]],
      [[
resource "aws_efs_file_system" "fire" { tags = { rpo = "4h" } }
resource "aws_backup_plan" "daily" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = "v"
    schedule          = "cron(0 5 ? * * *)"
  }
}
resource "aws_backup_selection" "s" {
  name         = "s"
  plan_id      = aws_backup_plan.daily.id
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  resources    = [aws_efs_file_system.fire.arn]
}]],
    },
    pass = {
      [[
# parameters: {"rpo_hours": {"gold": 1}}
resource "aws_db_instance" "dont_fire" {
  identifier              = "orders"
  backup_retention_period = 7
  tags = { backup-class = "gold" }
}]],
      [[
resource "aws_efs_file_system" "dont_fire" { tags = { rpo = "4h", plan = "hourly" } }
resource "aws_backup_plan" "hourly" {
  name = "hourly"
  rule {
    rule_name         = "hourly"
    target_vault_name = "v"
    schedule          = "cron(0 */2 ? * * *)"
  }
}
resource "aws_backup_selection" "s" {
  name         = "s"
  plan_id      = aws_backup_plan.hourly.id
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  selection_tag {
    type  = "STRINGEQUALS"
    key   = "plan"
    value = "hourly"
  }
}]],
      live [[
[{"type": "aws:dynamodb:table", "name": "dont_fire", "body": {"TableName": "t", "Tags": [{"Key": "rpo", "Value": "15m"}],
  "ContinuousBackups": {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}}}}]
]],
    },
    unknown = { [[resource "aws_efs_file_system" "a" { tags = { rpo = "4h" } }]] },
  },
}
