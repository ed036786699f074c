-- PostgreSQL releases whose log_fdw lets users read files (AWS-2022-004), and old majors out of standard support.
local log_fdw = "^(?:10\\.(?:[1-9]|1[0-6])(?:\\.|$)|11\\.(?:[1-9]|1[01])(?:\\.|$)|12\\.[1-6](?:\\.|$)|13\\.[12](?:\\.|$)|9\\.)"
local log_fdw_aurora = "^(?:10\\.(?:[1-9]|1[0-3])(?:\\.|$)|11\\.[1-8](?:\\.|$)|9\\.)"
local ended = {
  postgres = { 13, "14" }, ["aurora-postgresql"] = { 13, "14" }, mysql = { 8, "8.0" }, mariadb = { 10.5, "10.6" },
}
local authorities = { ["rds-ca-rsa2048-g1"] = true, ["rds-ca-rsa4096-g1"] = true, ["rds-ca-ecc384-g1"] = true }

local function major(engine, version)
  if one_of(engine, "mariadb") then return tonumber(match(version, "^[0-9]+\\.[0-9]+")) end
  return tonumber(match(version, "^[0-9]+"))
end

return rule {
  id = "AWS-RDS-012", title = "Engine is outdated, vulnerable or not upgraded by itself",
  severity = "medium", category = "hygiene",
  aliases = { CKV_AWS_250 = { "log_fdw", "log_fdw-cluster" }, CKV_AWS_388 = "log_fdw-cluster", CKV_AWS_211 = "authority", CKV_AWS_226 = "upgrades" },
  frameworks = { "CIS-AWS-3.0:2.3.2", "NIST-800-53r5:SI-2", "PCI-DSS-4.0:6.3.3", "SOC2:CC7.1",
    "ISO27001-2022:A.8.8" },
  for_each = { "aws.rds.instance", "aws.rds.cluster", "aws.rds.cluster_instance" },
  description = [[Old engines get no fixes, old certificate authorities have expired, and without automatic minor upgrades fixes wait
until someone remembers.]],
  remediation = [[Raise `engine_version`; set `ca_cert_identifier = "rds-ca-rsa2048-g1"`; leave `auto_minor_version_upgrade` on.]],
  references = { "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html" },
  -- Minor upgrades are on unless switched off; CKV_AWS_226 also fails where nothing is said.
  check = function(e)
    local places = { "upgrades", "authority", "version" }
    return each(places, function(place)
      if place == "upgrades" then
        if e.kind == "aws.rds.cluster" or e.auto_upgrade then return end
        return fail("database " .. e.name .. " does not take minor upgrades by itself", { case = "upgrades", at = "auto_upgrade" })
      elseif place == "authority" then
        if e.kind == "aws.rds.cluster" then return end
        local ca = e.ca
        if ca == nil or authorities[ca] then return end
        return fail("the certificate authority " .. ca .. " of database " .. e.name .. " has expired", { case = "authority", at = "ca" })
      end
      if e.kind == "aws.rds.cluster_instance" or e.engine == nil then return end
      local version, engine = e.version, e.engine
      if version == nil then return end
      local aurora = engine == "aurora-postgresql"
      if (engine == "postgres" and match(version, log_fdw)) or (aurora and match(version, log_fdw_aurora)) then
        return fail("PostgreSQL " .. version .. " of " .. e.name .. " lets users read files through log_fdw",
          { case = aurora and "log_fdw-cluster" or "log_fdw", at = "version", severity = "high" })
      end
      local last = ended[engine]
      local is = last and major(engine, version)
      if is and ((engine == "mysql" and is < 8) or (engine ~= "mysql" and is <= last[1])) then
        return fail(engine .. " " .. version .. " of " .. e.name .. " is out of standard support; the oldest supported is " .. last[2],
          { case = "version", at = "version" })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:rds:db", "name": "fire",
  "body": {"EngineVersion": "16.4", "AutoMinorVersionUpgrade": false, "CACertificateIdentifier": "rds-ca-rsa2048-g1"}}]
]], [[resource "aws_db_instance" "fire" { auto_minor_version_upgrade = false }]], [[
resource "aws_db_instance" "fire" {
  engine         = "postgres"
  engine_version = "11.4"
}]], [[resource "aws_db_instance" "fire" { ca_cert_identifier = "rds-ca-2015" }]] },
    pass = { live [[
[{"type": "aws:rds:db", "name": "dont_fire",
  "body": {"EngineVersion": "16.4", "AutoMinorVersionUpgrade": true, "CACertificateIdentifier": "rds-ca-rsa2048-g1"}}]
]], [[
resource "aws_db_instance" "dont_fire" {
  engine         = "postgres"
  engine_version = "16.4"
}]] },
    unknown = { [[
variable "v" {}
resource "aws_db_instance" "a" {
  engine         = "postgres"
  engine_version = var.v
}]] },
  },
}
