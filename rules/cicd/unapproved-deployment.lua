local ci = lib "ci"

local function guarded(environment)
  if #list(environment.raw.reviewers) > 0 then return true end
  return ci.get(environment.raw.deployment_branch_policy, 1) ~= nil or #list(environment.raw.deployment_branch_policy) > 0
end

local function judge_github(job, step, how)
  local name = ci.environment(job)
  if name == nil then
    return fail("job " .. job.name .. " deploys to production (" .. how .. ") and names no environment that could ask for approval", { at = job })
  end
  local bare
  for _, environment in ipairs(job:edges_from("deploys")) do
    if guarded(environment) then return end
    bare = environment
  end
  if bare ~= nil then
    return fail("job " .. job.name .. " deploys to '" .. name .. "', an environment without reviewers and limits of branches",
      { at = "environment", evidence = { { bare, "the environment" } } })
  end
  unknown("whether the environment '" .. tostring(name) .. "' asks for approval is not known: its settings are not in the scan")
end

local function manual(job)
  if job.raw.when == "manual" then return true end
  local rules = list(job.raw.rules)
  if #rules == 0 then return false end
  for _, r in ipairs(rules) do
    if not one_of(ci.get(r, "when"), "manual", "never") then return false end
  end
  return true
end

local function judge_gitlab(job, step, how)
  if manual(job) then return end
  if job.raw.environment == nil then
    return fail("job " .. job.name .. " deploys to production (" .. how .. ") by itself: no environment that could be protected, and no manual step",
      { at = job })
  end
  unknown("whether the environment of " .. job.name .. " is protected is not known: its settings are not in the scan")
end
return rule {
  id = "CICD-014", title = "Deployment to production needs no approval",
  severity = "high", category = "hygiene",
  frameworks = { "NIST-800-53r5:CM-3", "PCI-DSS-4.0:6.5.1", "SOC2:CC8.1", "ISO27001-2022:A.8.32" },
  for_each = { "ci.job", "github.environment" },
  where = function(e)
    if e.kind == "github.environment" then return ci.is_production(e.name) end
    local step = ci.deployment(e)
    return step ~= nil and ci.to_production(e, step)
  end,
  description = [[Who can merge can then also change production, without a second person who looks at what happens. Judged are jobs that apply
something and whose environment or name says production.]],
  remediation = [[Name an `environment` in the job, and give it required reviewers and a limit of branches (`github_repository_environment`). GitLab:
`when: manual` with a protected environment.]],
  references = {
    "https://docs.github.com/en/actions/managing-workflow-runs-and-deployments/managing-deployments/managing-environments-for-deployment",
    "https://docs.gitlab.com/ci/environments/protected_environments/" },
  check = function(e)
    if e.kind == "github.environment" then
      if guarded(e) then return end
      return fail("the environment " .. e.name .. " asks no reviewer and takes every branch", { at = e })
    end
    local step, how = ci.deployment(e)
    if ci.github(e) then return judge_github(e, step, how) end
    return judge_gitlab(e, step, how)
  end,
  tests = {
    fail = { workflow [[
on: push
jobs:
  fire-prod: { runs-on: ubuntu-latest, steps: [{ run: kubectl apply -f k8s }] }
]], [[
resource "github_repository_environment" "fire" {
  repository  = "api"
  environment = "production"
}
]], gitlab [[
deploy-prod:
  script: [helm upgrade --install api ./chart]
]], files { [".github/workflows/a.yml"] = [[
on: push
jobs:
  fire: { runs-on: ubuntu-latest, environment: production, steps: [{ run: terraform apply plan }] }
]], ["main.tf"] = [[
resource "github_repository_environment" "fire" {
  repository  = "api"
  environment = "production"
}
]] } },
    pass = { files { [".github/workflows/a.yml"] = [[
on: push
jobs:
  dont_fire: { runs-on: ubuntu-latest, environment: { name: production }, steps: [{ run: terraform apply plan }] }
]], ["main.tf"] = [[
resource "github_repository_environment" "dont_fire" {
  repository  = "api"
  environment = "production"
  reviewers { users = [1] }
}
]] }, gitlab [[
deploy-prod:
  when: manual
  script: [helm upgrade --install api ./chart]
]] },
    unknown = { workflow [[
on: push
jobs:
  a: { runs-on: ubuntu-latest, environment: production, steps: [{ run: kubectl apply -f k8s }] }
]] },
  },
}
