local ci = lib "ci"

local PUBLISHES = "\\bdocker (image )?push\\b|\\bgh release (create|upload)\\b|\\b(npm|pnpm|yarn) publish|" ..
  "\\btwine upload|\\bhelm push|\\bcargo publish|\\bgoreleaser\\b|\\bgem push"
local PUBLISHERS = { ["softprops/action-gh-release"] = true, ["pypa/gh-action-pypi-publish"] = true, ["goreleaser/goreleaser-action"] = true,
  ["ncipollo/release-action"] = true, ["actions/create-release"] = true, ["actions/deploy-pages"] = true }

local function publishes(job)
  for _, step in ipairs(ci.parts(job)) do
    local action = ci.action(step)
    if PUBLISHERS[action] or ci.find(ci.script(step), PUBLISHES) or
        (action == "docker/build-push-action" and lower(tostring(ci.get(step.raw.with, "push") or "false")) ~= "false") then
      return step
    end
  end
  local step = ci.deployment(job)
  return step
end

-- Whether a step restores a cache that other runs of the repository may have written.
local function restores_cache(step)
  local action, with = ci.action(step), step.uses ~= nil and step.raw.with or nil
  if action == "actions/cache" or action == "swatinem/rust-cache" then return true end
  return starts(action, "actions/setup-") and not one_of(tostring(ci.get(with, "cache") or "false"), "false", "")
end

-- A step that fetches artifacts of the run that started this one.
local function foreign_artifact(step)
  local action = ci.action(step)
  if action ~= "actions/download-artifact" and action ~= "dawidd6/action-download-artifact" then return false end
  for _, x in ipairs(step.expressions) do
    for _, path in ipairs(x.flows or {}) do
      if starts(path, "github.event.workflow_run.") then return true end
    end
  end
  return false
end

-- Jobs that run with the default branch's cache and put a stranger's code into the workspace.
local function poisoner()
  return once("poisoner", function()
    local found = {}
    for _, job in ipairs(graph.all("ci.job")) do
      local w = ci.github(job) and ci.workflow(job) or nil
      local t = ci.triggers(w)
      if found.job == nil and (t.pull_request_target or t.issue_comment or t.workflow_run) then
        local checkout, cache = false, false
        for _, step in ipairs(ci.parts(job)) do
          if restores_cache(step) then cache = true end
          for _, x in ipairs(ci.action(step) == "actions/checkout" and step.expressions or {}) do
            for _, path in ipairs(x.flows or {}) do
              if ci.find(path, "^github\\.(head_ref|event\\.pull_request\\.head|event\\.workflow_run\\.head)") then checkout = true end
            end
          end
        end
        if checkout and cache then found.job = job end
      end
    end
    return found
  end).job
end

local function own_branch(e)
  return e.raw["if"] ~= nil and ci.find(lower(tostring(e.raw["if"])),
    "workflow_run\\.(event|head_branch|head_repository)|head_repository|head_branch|event\\s*==\\s*'push'") ~= nil
end

local function limited(w)
  return #list(ci.get(w.raw.on, "workflow_run", "branches")) > 0
end
return rule {
  id = "CICD-017", title = "Build cache or artifact crosses a trust boundary",
  severity = "medium", category = "supply-chain",
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "ci.job",
  where = function(job) return ci.github(job) and job.raw.steps ~= nil and publishes(job) ~= nil end,
  description = [[A cache entry and an artifact hold what some job put there. Where strangers can get code into such a job, they decide what the
release holds. Judged are artifacts of the run that started a `workflow_run`, and caches beside a privileged job that checks out pull requests.]],
  remediation = [[Build releases without caches and from the commit alone; in `workflow_run` demand
`github.event.workflow_run.event == 'push'` and the own branch before an artifact is used.]],
  references = { "https://adnanthekhan.com/2024/05/06/the-monsters-in-your-build-cache-github-actions-cache-poisoning/",
    "https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/" },
  check = function(job)
    local w = ci.workflow(job)
    local release = publishes(job)
    local open
    for _, step in ipairs(ci.parts(job)) do
      if foreign_artifact(step) and ci.triggers(w).workflow_run and not own_branch(job) and not own_branch(step) then
        if limited(w) then
          open = "branches limit by name only which runs start " .. w.name .. "; a fork may name its branch so"
        else
          return fail("job " .. job.name .. " publishes (" .. release.name ..
            ") from an artifact of whatever run started it, a stranger's pull request included",
            { at = step, evidence = { { release, "publishes" } } })
        end
      end
      local from = restores_cache(step) and poisoner() or nil
      if from ~= nil and from ~= job then
        return fail("job " .. job.name .. " publishes (" .. release.name .. ") with a cache that " .. from.address ..
          " may write while it runs a stranger's code",
          { at = step, evidence = { { from, "checks out pull requests and writes the cache" }, { release, "publishes" } } })
      end
    end
    if open ~= nil then unknown(open) end
  end,
  tests = {
    fail = { workflow [[
on: { workflow_run: { workflows: [CI], types: [completed] } }
jobs:
  fire:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v4
        with: { run-id: "${{ github.event.workflow_run.id }}" }
      - run: npm publish
]], files { [".github/workflows/pr.yml"] = [[
on: pull_request_target
jobs:
  pr:
    runs-on: ubuntu-latest
    steps:
      - { uses: actions/checkout@v4, with: { ref: "${{ github.event.pull_request.head.sha }}" } }
      - { uses: actions/cache@v4, with: { path: node_modules, key: a } }
]], [".github/workflows/release.yml"] = [[
on: { push: { tags: ["v*"] } }
jobs:
  fire:
    runs-on: ubuntu-latest
    steps: [{ uses: actions/cache@v4, with: { path: node_modules, key: a } }, { run: npm publish }]
]] } },
    pass = { workflow [[
on: { push: { tags: ["v*"] } }
jobs:
  dont_fire:
    runs-on: ubuntu-latest
    steps: [{ uses: actions/setup-node@v4, with: { cache: npm } }, { run: npm publish }]
]], workflow [[
on: { workflow_run: { workflows: [CI], types: [completed] } }
jobs:
  dont_fire:
    if: github.event.workflow_run.event == 'push'
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v4
        with: { run-id: "${{ github.event.workflow_run.id }}" }
      - run: npm publish
]] },
    unknown = { workflow [[
on: { workflow_run: { workflows: [CI], types: [completed], branches: [main] } }
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v4
        with: { run-id: "${{ github.event.workflow_run.id }}" }
      - run: npm publish
]] },
  },
}
