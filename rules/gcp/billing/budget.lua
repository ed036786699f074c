-- Whether a budget with thresholds is about the project: it names it, or no project at all in the same billing account.
local function covers(budget, e)
  if known(budget.thresholds) and #list(budget.thresholds) == 0 then return false end
  local projects = list(budget.projects)
  if #projects == 0 then return true end
  for i = 1, #projects do
    for _, target in ipairs(budget:targets(projects[i])) do
      if target.address == e.address then return true end
    end
    if not known(projects[i]) and #budget:targets(projects[i]) == 0 then unknown("the projects of a budget are not known") end
  end
  return false
end

return rule {
  id = "GCP-COST-001", title = "Project has no budget with an alert",
  severity = "low", category = "cost",
  for_each = "gcp.project",
  -- Code only: budgets belong to the billing account, which a project's answers do not show.
  where = function(e) return e.origin ~= "live" and (not known(e.billing) or e.billing ~= nil) end,
  description = [[A runaway job, or an intruder who mines coins, is seen on the bill of the next month.]],
  remediation = [[Add a `google_billing_budget` with `threshold_rules` for the billing account.]],
  references = { "https://cloud.google.com/billing/docs/how-to/budgets" },
  check = function(e)
    if e.billing == nil then return end
    for _, budget in ipairs(graph.all("gcp.billing.budget")) do
      if covers(budget, e) then return end
    end
    return fail("no budget with thresholds covers project " .. e.name)
  end,
  tests = {
    fail = { [[
resource "google_project" "fire" {
  name            = "fire"
  project_id      = "fire"
  billing_account = "000000-000000-000000"
}]] },
    pass = { [[
resource "google_project" "dont_fire" {
  name            = "dont_fire"
  project_id      = "dont_fire"
  billing_account = "000000-000000-000000"
}
resource "google_billing_budget" "b" {
  billing_account = "000000-000000-000000"
  budget_filter { projects = ["projects/${google_project.dont_fire.number}"] }
  amount {
    specified_amount { units = "1000" }
  }
  threshold_rules { threshold_percent = 0.9 }
}]] },
    unknown = { [[
variable "projects" { type = list(string) }
resource "google_project" "a" {
  name            = "a"
  project_id      = "a"
  billing_account = "000000-000000-000000"
}
resource "google_billing_budget" "b" {
  billing_account = "000000-000000-000000"
  budget_filter { projects = var.projects }
  threshold_rules { threshold_percent = 0.9 }
}]] },
  },
}
