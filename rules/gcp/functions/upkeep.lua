local gcp, secrets = lib "gcp", lib "secrets"

-- Runtimes that have passed their date of decommission or whose language gets no fixes any more:
-- https://cloud.google.com/functions/docs/runtime-support
local retired = {}
for _, name in ipairs { "nodejs6", "nodejs8", "nodejs10", "nodejs12", "nodejs14", "nodejs16", "nodejs18", "nodejs20", "python37",
  "python38", "python39", "go111", "go113", "go116", "go118", "go119", "go120", "go121", "java11", "ruby26", "ruby27", "ruby30",
  "ruby31", "php74", "php81", "dotnet3", "dotnet6" } do
  retired[name] = true
end

local function account(e)
  if e.type == "google_cloudfunctions2_function" then
    return gcp.own_account(e, list(e.raw.service_config)[1], "service_account_email")
  end
  if e.origin == "live" then return e.account ~= nil and not gcp.default_account(e.account) end
  return gcp.own_account(e, e.raw, "service_account_email")
end

return rule {
  id = "GCP-FN-003", title = "Function is outdated, runs as default account or holds a credential",
  severity = "medium", category = "least-privilege",
  version = 2, changes = { "what is a credential is decided as by SEC-001 to SEC-012" },
  frameworks = { "CIS-GCP-3.0:1.17", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "gcp.function",
  description = [[A retired runtime gets no fixes; the default account often may edit the project; variables are read by everyone who may
view the function.]],
  remediation = [[Move to a supported `runtime`, name a `service_account_email`, and read secrets by `secret_environment_variables`.]],
  references = { "https://cloud.google.com/functions/docs/runtime-support", "https://cloud.google.com/functions/docs/configuring/secrets" },
  check = function(e)
    return each({ "runtime", "account", "secret" }, function(case)
      if case == "runtime" then
        if e.runtime ~= nil and retired[e.runtime] then
          return fail("the runtime " .. e.runtime .. " of function " .. e.name .. " is retired", { case = case, at = "runtime" })
        end
      elseif case == "account" then
        if not account(e) then
          return fail("function " .. e.name .. " runs as the default service account", { case = case, at = "account" })
        end
      elseif e.variables ~= nil then
        return each(keys(e.variables), function(name)
          -- What another resource computes is not written in code.
          if not known(e.variables[name]) then return end
          local text = tostring(e.variables[name])
          local kind = secrets.kind(text)
          if (kind ~= nil and not secrets.is_placeholder(text)) or secrets.holds(name, text) then
            return fail("the variable " .. name .. " of function " .. e.name .. " holds " .. (kind or "a credential"),
              { case = case, severity = "high", at = "variables" })
          end
        end)
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "gcp:cloudfunctions:function", "id": "fire", "name": "fire",
  "body": {"name": "fire", "buildConfig": {"runtime": "nodejs16"}, "serviceConfig": {"serviceAccountEmail": "f@p.iam.gserviceaccount.com"}}}]
]], [[
resource "google_cloudfunctions_function" "fire" {
  name                  = "fire"
  runtime               = "nodejs10"
  service_account_email = "fire@p.iam.gserviceaccount.com"
}]], [[
resource "google_cloudfunctions2_function" "fire" {
  name = "fire"
  build_config { runtime = "python313" }
}]], [[
resource "google_cloudfunctions_function" "fire" {
  name                  = "fire"
  runtime               = "nodejs22"
  service_account_email = "fire@p.iam.gserviceaccount.com"
  environment_variables = { DB_PASSWORD = "hunter2hunter2" }
}]] },
    pass = { live [[
[{"type": "gcp:cloudfunctions:function", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "buildConfig": {"runtime": "nodejs22"}, "serviceConfig": {"serviceAccountEmail": "f@p.iam.gserviceaccount.com"}}}]
]], [[
resource "google_service_account" "f" { account_id = "f" }
resource "google_cloudfunctions2_function" "dont_fire" {
  name = "dont_fire"
  build_config { runtime = "python313" }
  service_config {
    service_account_email = google_service_account.f.email
    environment_variables = { LOG_LEVEL = "info" }
  }
}]] },
    unknown = { [[
variable "runtime" {}
resource "google_cloudfunctions_function" "a" {
  name                  = "a"
  runtime               = var.runtime
  service_account_email = "a@p.iam.gserviceaccount.com"
}]] },
  },
}
