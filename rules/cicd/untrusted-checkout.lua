local ci = lib "ci"

local EVENTS = { "pull_request_target", "workflow_run", "issue_comment" }

local function privileged(w)
  local t = ci.triggers(w)
  for _, name in ipairs(EVENTS) do
    if t[name] then return name end
  end
end

-- What names the head of a pull request.
local HEAD = { "github.head_ref", "github.event.pull_request.head.", "github.event.workflow_run.head_", "github.event.pull_request.merge_commit_sha",
  "github.event.workflow_run.pull_requests." }

local function is_head(path)
  for _, prefix in ipairs(HEAD) do
    if path == prefix or starts(path, prefix) then return not ends(path, ".repo.full_name") or true end
  end
  return false
end

-- How a step gets a stranger's code into the workspace; the expression or text that says so.
local function takes(step)
  if ci.action(step) == "actions/checkout" then
    for _, x in ipairs(step.expressions) do
      local at = lower(x.at)
      if at == "with.ref" or at == "with.repository" then
        for _, path in ipairs(x.flows or {}) do
          if is_head(path) then return x, "${{ " .. x.text .. " }}" end
        end
      end
    end
    local ref = ci.get(step.raw.with, "ref")
    if ref ~= nil and ci.find(tostring(ref), "refs/pull/") then return step.raw.with, tostring(ref) end
  end
  local found = ci.find(ci.script(step), "gh pr checkout|git (?:fetch|pull|checkout)[^\\n]*(?:pull/|refs/pull)")
  if found ~= nil then return step.raw, found end
end

local RUNS = "(?i)\\b(npm|npx|yarn|pnpm|bun) |\\bmake\\b|\\bpip3? install (-e|-r|\\.)|\\bpython3? |\\bpoetry |" ..
  "\\buv (run|sync|pip)|\\bnode |\\bgo (build|test|run|generate|vet)|" ..
  "\\bcargo |\\bmvnw?\\b|\\bgradlew?\\b|\\./[A-Za-z0-9_./-]+|\\b(ba|z)?sh [^-]|\\bbundle |\\bcomposer |" ..
    "\\bdocker(-| )(compose|build)|\\bterraform (init|plan|apply)|" ..
  "\\bpytest|\\btox\\b|\\bnox\\b|\\bbazel |\\bcmake |\\bpre-commit |\\bansible-playbook|\\brake\\b|\\bdotnet |\\bmix |\\bjust \\w|\\bcomposer install"

local QUIET = { ["actions/checkout"] = true, ["actions/upload-artifact"] = true, ["actions/download-artifact"] = true, ["actions/labeler"] = true,
  ["actions/github-script"] = true, ["dorny/paths-filter"] = true, ["tj-actions/changed-files"] = true, ["actions/cache"] = true,
  ["github/codeql-action"] = true, ["actions/create-github-app-token"] = true, ["step-security/harden-runner"] = true,
  ["docker/login-action"] = true, ["docker/setup-buildx-action"] = true, ["docker/setup-qemu-action"] = true, ["docker/metadata-action"] = true }

-- How a step runs code of the workspace: what it does; or nil and, when that is open, the reason.
local function runs(step)
  local action = ci.action(step)
  if step.uses ~= nil then
    if starts(step.uses, "./") then return step.uses end
    if one_of(action, "docker/build-push-action", "pre-commit/action", "gradle/gradle-build-action",
      "cypress-io/github-action") then return action end
    if QUIET[action] or starts(action, "actions/setup-") or starts(step.uses, "docker://") then return nil end
    return nil, "whether " .. step.uses .. " runs code of what was checked out is not known"
  end
  for _, line in ipairs(ci.lines(step)) do
    if ci.find(line, RUNS) and not ci.find(line, "^(echo|printf|git|gh) ") then return line end
  end
end

-- Conditions that let only some pull requests through: "same" (no forks), or a text that says what decides.
local function guard(e)
  local condition = e ~= nil and e.raw["if"] or nil
  if condition == nil then return nil end
  local text = lower(tostring(condition))
  if ci.find(text, "head\\.repo\\.full_name\\s*==\\s*(github\\.repository|github\\.event\\.(repository|" ..
    "pull_request\\.base\\.repo)\\.full_name|')|(github\\.repository|')[^&|" ..
    "]*==\\s*github\\.event\\.(pull_request|workflow_run)\\.head|head\\.repo\\.fork\\s*==\\s*false|" ..
    "!\\s*github\\.event\\.pull_request\\.head\\.repo\\.fork|" ..
    "head_repository\\.full_name\\s*==\\s*(github\\.repository|')|head\\.repo\\.owner\\.login\\s*==|" ..
    "head_repository\\.fork\\s*==\\s*false") then return "same" end
  if ci.find(text, "author_association|github\\.actor|github\\.triggering_actor|user\\.login|labels?\\b|sender\\.login|permission") then
    return "its condition lets only some people or labels through: " .. trim(tostring(condition))
  end
  if ci.find(text, "needs\\.|steps\\.") then return "its condition depends on an output: " .. trim(tostring(condition)) end
end

-- The same through the jobs that a job needs: where one is skipped, it is too.
local function guard_of_job(job, depth)
  local found = guard(job)
  if found ~= nil or depth > 10 then return found end
  for _, needed in ipairs(job:edges_from("depends_on")) do
    if ci.environment(needed) ~= nil then return "it waits for the environment '" .. tostring(ci.environment(needed)) .. "'" end
    found = guard_of_job(needed, depth + 1)
    if found ~= nil then return found end
  end
end
return rule {
  id = "CICD-005", title = "Privileged trigger checks out untrusted code",
  severity = "critical", category = "supply-chain",
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "ci.job",
  where = function(job) return ci.github(job) and privileged(ci.workflow(job)) ~= nil end,
  description = [[These events run with the secrets and the write token of the repository, also for pull requests from forks. Code of the pull
request that is built, tested or installed there has them too.]],
  remediation = [[Build pull requests under `pull_request`, and do what needs secrets in a second workflow that takes only data from the first. Or
check out the base, and treat the head as data.]],
  references = { "https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/" },
  check = function(job)
    local event = privileged(ci.workflow(job))
    local at, what, open, allowed
    for _, step in ipairs(ci.parts(job)) do
      local found, text = takes(step)
      if found ~= nil and guard(step) ~= "same" then
        at, what, allowed = found, text, guard(step)
      elseif at ~= nil then
        local how, why = runs(step)
        if how ~= nil then
          local limit = guard_of_job(job, 0) or allowed or guard(step)
          if limit == "same" then return end
          if limit ~= nil then unknown("whether strangers get here is not known; " .. limit) end
          if ci.environment(job) ~= nil then unknown("whether the environment '" .. ci.environment(job) .. "' has reviewers is not known") end
          local evidence = { { step, "runs code of the pull request" } }
          for _, identity in ipairs(job:edges_from("assumes")) do
            evidence[#evidence + 1] = { identity, "the job has the rights of " .. identity.address }
          end
          return fail("on " .. event .. " job " .. job.name .. " checks out " .. what .. " and runs it: " .. ci.shown(how),
            { at = at, evidence = evidence })
        end
        open = open or why
      end
    end
    if open ~= nil and guard_of_job(job, 0) ~= "same" then unknown(open) end
  end,
  tests = {
    fail = { workflow [[
on: pull_request_target
jobs:
  fire:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: { ref: "${{ github.event.pull_request.head.sha }}" }
      - run: npm ci
]], workflow [[
on: issue_comment
jobs:
  fire:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: gh pr checkout ${{ github.event.issue.number }}
      - run: |
          make test
]] },
    pass = { workflow [[
on: pull_request_target
jobs:
  base:
    runs-on: ubuntu-latest
    steps: [{ uses: actions/checkout@v4 }, { run: npm ci }]
  data:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: { ref: "${{ github.head_ref }}" }
      - run: git diff --stat origin/main
  own:
    if: github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: { ref: "${{ github.event.pull_request.head.sha }}" }
      - run: npm ci
]] },
    unknown = { workflow [[
on: pull_request_target
jobs:
  a:
    if: contains(github.event.pull_request.labels.*.name, 'safe to test')
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: { ref: "${{ github.event.pull_request.head.sha }}" }
      - run: npm ci
]] },
  },
}
