local ci = lib "ci"

-- The labels that a job may get: those of the matrix in place of an expression that names it.
local function labels_of(job)
  local labels = {}
  for _, label in ipairs(list(job.raw["runs-on"])) do
    local key = match(tostring(label), "^[$][{][{]\\s*matrix\\.([A-Za-z0-9_-]+)\\s*[}][}]$")
    local matrix = key ~= nil and ci.get(job.raw, "strategy", "matrix") or nil
    local known_ones = 0
    if matrix ~= nil and type(matrix) ~= "string" then
      for _, value in ipairs(list(matrix[key])) do
        known_ones = known_ones + 1
        for _, one in ipairs(list(value)) do labels[#labels + 1] = one end
      end
      for _, extra in ipairs(type(matrix.include) ~= "string" and list(matrix.include) or {}) do
        for _, one in ipairs(list(ci.get(extra, key))) do
          known_ones = known_ones + 1
          labels[#labels + 1] = one
        end
      end
    end
    if known_ones == 0 then labels[#labels + 1] = label end
  end
  return labels
end

-- Whether a job runs on a machine of one's own: true, false, or nil when that is open.
local function self_hosted(job)
  local runs_on = job.raw["runs-on"]
  if runs_on == nil then return false end
  if ci.get(runs_on, "group") ~= nil or ci.get(runs_on, "labels") ~= nil then
    return has(list(ci.get(runs_on, "labels")), "self-hosted") or nil
  end
  local open = false
  for _, label in ipairs(labels_of(job)) do
    if label == "self-hosted" then return true end
    if ci.find(tostring(label), "[$][{][{]") then open = true end
  end
  if open then return nil end
  return false
end

local function same_repository(job)
  return job.raw["if"] ~= nil and ci.find(lower(tostring(job.raw["if"])),
    "head\\.repo\\.(full_name|fork|owner)|github\\.event_name\\s*==\\s*'push'|" ..
    "github\\.event_name\\s*!=\\s*'pull_request") ~= nil
end

local function judge_group(group)
  if group.raw.allows_public_repositories == true then
    return fail("the runner group " .. group.name .. " is open to public repositories", { at = "allows_public_repositories" })
  end
end
return rule {
  id = "CICD-012", title = "Self-hosted runner serves a public repository or forks",
  severity = "critical", category = "supply-chain",
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = { "ci.job", "github.runner_group" },
  where = function(e) return e.kind == "github.runner_group" or (ci.github(e) and e.raw["runs-on"] ~= nil) end,
  description = [[Anyone can open a pull request against a public repository, and with it run code on the runner: a machine in the own network
that often keeps its disk between jobs. Whether the repository is public is told by the parameter `repository_visibility`.]],
  remediation = [[Run pull requests on hosted or ephemeral runners, and require approval for all outside collaborators.]],
  references = {
    "https://docs.github.com/en/actions/hosting-your-own-runners/managing-self-hosted-runners/about-self-hosted-runners#self-hosted-runner-security"
  },
  check = function(e)
    if e.kind == "github.runner_group" then return judge_group(e) end
    local t = ci.triggers(ci.workflow(e))
    local event = t.pull_request and "pull_request" or t.pull_request_target and "pull_request_target" or t.issue_comment and "issue_comment" or
      t.workflow_run and "workflow_run"
    if not event then return end
    local own = self_hosted(e)
    if own == false or same_repository(e) then return end
    local visibility = param("repository_visibility")
    if visibility == "private" or visibility == "internal" then return end
    if own == nil then unknown("which runner " .. e.name .. " gets is not known") end
    if visibility ~= "public" then unknown("whether the repository is public is not known (parameter repository_visibility)") end
    return fail("job " .. e.name .. " runs code of " .. event .. " on a self-hosted runner of a public repository", { at = "runs-on" })
  end,
  tests = {
    fail = { workflow [[
# parameters: {"repository_visibility": "public"}
on: pull_request
jobs: { fire: { runs-on: [self-hosted, linux], steps: [{ run: make }] } }
]], [[
resource "github_actions_runner_group" "fire" {
  name                       = "all"
  visibility                 = "all"
  allows_public_repositories = true
}
]] },
    pass = { workflow [[
on: pull_request
jobs: { dont_fire: { runs-on: ubuntu-latest, steps: [{ run: make }] } }
]], workflow [[
on: [push, pull_request]
jobs:
  dont_fire:
    strategy: { matrix: { os: [ubuntu-latest, macos-latest], include: [{ os: windows-latest }] } }
    runs-on: ${{ matrix.os }}
    steps: [{ run: make }]
]], [[
resource "github_actions_runner_group" "dont_fire" {
  name       = "all"
  visibility = "selected"
}
]] },
    unknown = { workflow [[
on: pull_request
jobs: { a: { runs-on: self-hosted, steps: [{ run: make }] } }
]] },
  },
}
