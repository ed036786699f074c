-- Workflows and pipelines: who contains whom, what `uses` names, permissions, and taint of expressions.

local ci = {}

-- The whole match of a pattern, whatever groups it has; nil when there is none. Words of Lua are no texts.
local function find(text, pattern)
  if type(text) ~= "string" then return nil end
  local whole = match(text, "(" .. pattern .. ")") -- GROUPS
  return whole
end
ci.find = find

function ci.github(e) return starts(e.type, "github.") end

-- A text as messages may show it: short, and without a password in an address.
function ci.shown(text)
  text = string.gsub(string.sub(text, 1, 200), "://[^/@%s]*@", "://…@")
  return #text > 80 and string.sub(text, 1, 77) .. "…" or text
end

-- What contains a step (its job or action) or a job (its workflow).
function ci.owner(e) return e:edges_to("contains")[1] end

-- A step as messages call it; one without a name is "step 3".
function ci.step_name(step)
  return match(step.name, "^step \\d+$") and step.name or "the step " .. step.name
end

function ci.job(step)
  local owner = ci.owner(step)
  return owner ~= nil and owner.kind == "ci.job" and owner or nil
end

function ci.workflow(e)
  while e ~= nil and e.kind ~= "ci.workflow" do e = ci.owner(e) end
  return e
end

function ci.parts(e) return e:edges_from("contains") end

-- The events that start a workflow, as a set.
function ci.triggers(w)
  local set = {}
  if w ~= nil and ci.github(w) then
    for _, name in ipairs(w.triggers) do set[name] = true end
  end
  return set
end

-- A member of an object; nil when the value is no object (`permissions: write-all`, `on: push`).
function ci.get(value, ...)
  for _, key in ipairs { ... } do
    if value == nil or type(value) == "string" or type(value) == "number" or type(value) == "boolean" then return nil end
    value = value[key]
  end
  return value
end

-- "owner/repo/path@ref" taken apart; nil for "./path".
function ci.uses(text)
  if text == nil or starts(text, "./") or starts(text, "../") then return nil end
  if starts(text, "docker://") then
    local image = string.sub(text, 10)
    return { docker = true, image = image, pinned = find(image, "@sha256:[0-9a-f]{64}$") ~= nil }
  end
  local name, ref = string.match(text, "^([^@]+)@(.+)$")
  name = name or text
  local owner, repo = string.match(name, "^([^/]+)/([^/]+)")
  return { name = lower(name), owner = lower(owner or name), repo = lower((owner or "") .. "/" .. (repo or "")), ref = ref,
           pinned = ref ~= nil and find(ref, "^([0-9a-f]{40}|[0-9a-f]{64})$") ~= nil }
end

-- "owner/repo" of the action of a step, or "".
function ci.action(step)
  local used = ci.uses(step.uses)
  return used ~= nil and used.repo or ""
end

-- All that a step's shell runs, as one text.
function ci.script(step)
  local lines = {}
  for _, line in ipairs(list(step.run)) do lines[#lines + 1] = tostring(line) end
  return table.concat(lines, "\n")
end

-- Lines of a script without comments; a line that ends with a backslash goes on in the next.
function ci.lines(step)
  local text, lines = ci.script(step), {}
  text = string.gsub(text, "\\\n", " ")
  for _, line in ipairs(split(text, "\n")) do
    line = trim(line)
    if line ~= "" and not starts(line, "#") then lines[#lines + 1] = line end
  end
  return lines
end

-- The permissions that hold for a job: "write-all", "read-all", an object, or nil; second, who sets them.
function ci.permissions(job)
  if job.raw.permissions ~= nil then return job.raw.permissions, job end
  local w = ci.workflow(job)
  if w ~= nil and w.raw.permissions ~= nil then return w.raw.permissions, w end
end

-- Whether single scopes are set for a job, and not all at once.
function ci.has_scopes(job)
  local permissions = ci.permissions(job)
  return permissions ~= nil and type(permissions) ~= "string"
end

-- "read", "write" or "none" for a scope; nil when nothing is set.
function ci.scope(job, scope)
  local permissions = ci.permissions(job)
  if permissions == nil then return nil end
  if permissions == "write-all" then return "write" end
  if permissions == "read-all" then return "read" end
  return ci.get(permissions, scope) or "none"
end

-- The name of the environment of a job, or nil.
function ci.environment(job)
  local value = job.raw.environment
  if value == nil or type(value) == "string" then return value end
  return value.name
end

-- Whether a name stands for production. "preprod", "non-prod" and the like do not.
function ci.is_production(name)
  name = lower(tostring(name or ""))
  if find(name, "(pre|non|not)[-_ ]?prod") then return false end
  return find(name, "(^|[^a-z])(prod|production|prd|live)([^a-z]|$)") ~= nil
end

-- --- taint ---------------------------------------------------------------------------------------

-- What anybody who may open an issue, a pull request or a discussion decides.
-- https://securitylab.github.com/resources/github-actions-untrusted-input/
local UNTRUSTED = {
  "github.head_ref",
  "github.event.issue.title", "github.event.issue.body",
  "github.event.pull_request.title", "github.event.pull_request.body", "github.event.pull_request.head.ref",
  "github.event.pull_request.head.label", "github.event.pull_request.head.repo.default_branch",
  "github.event.pull_request.head.repo.description", "github.event.pull_request.head.repo.homepage",
  "github.event.comment.body", "github.event.review.body", "github.event.review_comment.body",
  "github.event.discussion.title", "github.event.discussion.body",
  "github.event.pages.*.page_name",
  "github.event.commits.*.message", "github.event.commits.*.author.name", "github.event.commits.*.author.email",
  "github.event.commits.*.committer.name", "github.event.commits.*.committer.email",
  "github.event.head_commit.message", "github.event.head_commit.author.name", "github.event.head_commit.author.email",
  "github.event.head_commit.committer.name", "github.event.head_commit.committer.email",
  "github.event.workflow_run.head_branch", "github.event.workflow_run.display_title",
  "github.event.workflow_run.head_commit.message", "github.event.workflow_run.head_commit.author.name",
  "github.event.workflow_run.head_commit.author.email", "github.event.workflow_run.head_repository.description",
  "github.event.workflow_run.pull_requests.*.head.ref",
  "github.event.answer.body", "github.event.commit.commit.message", "github.event.commit.commit.author.name",
  "github.event.check_suite.head_commit.message", "github.event.check_suite.head_commit.author.name",
  "github.event.check_suite.pull_requests.*.head.ref", "github.event.check_run.pull_requests.*.head.ref",
  "github.event.check_run.check_suite.pull_requests.*.head.ref", "github.event.forkee.description", "github.event.forkee.homepage",
  "github.event.check_suite.head_branch", "github.event.check_run.check_suite.head_branch",
  "github.event.changes.title.from", "github.event.changes.body.from", "github.event.changes.head.ref.from",
}

-- Actions whose outputs are names of branches, or of files in a pull request.
local TAINTED_OUTPUTS = {
  ["tj-actions/branch-names"] = true,
  ["jitterbit/get-changed-files"] = true, ["trilom/file-changes-action"] = true, ["ahmadnassri/action-changed-files"] = true,
  ["xt0rted/pull-request-comment-branch"] = true, ["potiuk/get-workflow-origin"] = true, ["eficode/resolve-pr-refs"] = true,
  ["alessbell/pull-request-comment-branch"] = true, ["gotson/pull-request-comment-branch"] = true,
}

local SAFE_OUTPUTS = { any_changed = true, any_modified = true, any_deleted = true, changes = true, count = true, sha = true,
                       is_default = true, is_tag = true, head_sha = true, base_ref = true, base_sha = true }

local PARTS = {}
for i, text in ipairs(UNTRUSTED) do PARTS[i] = split(text, ".") end

-- The first of those contexts that `path` is, or that lies below "path.**"; second, whether that depends on an index
-- that is worked out.
function ci.untrusted(path)
  if not (starts(path, "github.event") or starts(path, "github.head_ref") or starts(path, "github.*") or starts(path, "github.?")) then
    return nil
  end
  local whole = ends(path, ".**")
  local have = split(whole and string.sub(path, 1, -4) or path, ".")
  for number, want in ipairs(PARTS) do
    local same, open = whole and #have <= #want or #have == #want, false
    for i = 1, #have do
      if not same then break end
      same = want[i] == have[i] or want[i] == "*" or have[i] == "*" or have[i] == "?"
      open = open or have[i] == "?" and want[i] ~= "*"
    end
    if same then return UNTRUSTED[number], open end
  end
end

-- The events whose payload holds a part of github.event; a workflow that others call has its caller's.
local EVENTS_OF = {
  issue = { "issues", "issue_comment" },
  pull_request = { "pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment" },
  comment = { "issue_comment", "pull_request_review_comment", "commit_comment", "discussion_comment" },
  review = { "pull_request_review" }, discussion = { "discussion", "discussion_comment" }, pages = { "gollum" },
  commits = { "push" }, head_commit = { "push", "workflow_run", "merge_group" }, workflow_run = { "workflow_run" },
}

-- Whether none of the events that start the workflow of `e` fills the context `path`: it is empty there.
function ci.is_empty(e, path)
  local w = ci.workflow(e)
  local events = path == "github.head_ref" and { "pull_request", "pull_request_target" } or
    EVENTS_OF[match(path, "^github\\.event\\.([a-z_]+)") or ""]
  local t = ci.triggers(w)
  if w == nil or events == nil or t.workflow_call then return false end
  for _, name in ipairs(events) do
    if t[name] then return false end
  end
  return next(t) ~= nil
end

local taint

-- Taint of the expressions of `e` at `at`, or below it.
local function taint_at(e, at, depth)
  for _, x in ipairs(e.expressions) do
    if lower(x.at) == at or starts(lower(x.at), at .. ".") then
      for _, path in ipairs(x.flows) do
        local why = taint(e, path, depth + 1)
        if why ~= nil then return why end
      end
    end
  end
end

-- An input: by what callers in the scan pass, or by nothing when only people with write access can pass it.
local function taint_input(e, name, depth)
  local target = e
  while target.kind ~= "ci.workflow" and target.kind ~= "ci.action" do target = ci.owner(target) end
  for _, caller in ipairs(target:edges_to("references")) do
    local why = taint_at(caller, "with." .. name, depth)
    if why ~= nil then return why .. " (passed as input '" .. name .. "' by " .. caller.address .. ")" end
  end
end

local function taint_output(e, id, name, depth)
  local owner = e.kind == "ci.step" and ci.owner(e) or e
  if SAFE_OUTPUTS[name] then return nil end
  for _, step in ipairs(ci.parts(owner)) do
    if lower(tostring(step.raw.id or "")) == id then
      local action, with = ci.action(step), step.raw.with
      -- Both quote the names of files, unless they are told not to.
      local raw_names = action == "tj-actions/changed-files" and one_of(tostring(ci.get(with, "safe_output")), "false") or
        action == "dorny/paths-filter" and one_of(ci.get(with, "list-files"), "csv", "json") and ends(name, "_files")
      if TAINTED_OUTPUTS[action] or raw_names then return "an output of " .. action end
    end
  end
end

local function taint_need(e, job, output, depth)
  local w = ci.workflow(e)
  for _, other in ipairs(w ~= nil and ci.parts(w) or {}) do
    if lower(other.name) == job then return taint_at(other, "outputs." .. output, depth) end
  end
end

-- Why the context `path`, read in `e`, is under a stranger's control: the context at the root; or nil.
function taint(e, path, depth)
  if depth > 8 then return nil end
  local direct, open = ci.untrusted(path)
  if direct ~= nil then return not open and direct or nil, open and direct or nil end
  local parts = split(path, ".")
  if parts[1] == "env" and parts[2] ~= nil then
    local at = e
    while at ~= nil do
      if at.kind ~= "ci.action" and ci.get(at.raw.env) ~= nil then
        for _, name in ipairs(keys(at.raw.env)) do
          if lower(name) == parts[2] then return taint_at(at, "env." .. parts[2], depth) end
        end
      end
      at = ci.owner(at)
    end
  elseif parts[1] == "inputs" and parts[2] ~= nil then
    return taint_input(e, parts[2], depth)
  elseif parts[1] == "steps" and parts[4] ~= nil then
    return taint_output(e, parts[2], parts[4], depth)
  elseif parts[1] == "needs" and parts[4] ~= nil then
    return taint_need(e, parts[2], parts[4], depth)
  elseif parts[1] == "matrix" and parts[2] ~= nil then
    local job = e.kind == "ci.step" and ci.job(e) or e
    if job ~= nil and job.kind == "ci.job" then
      return taint_at(job, "strategy.matrix." .. parts[2], depth) or taint_at(job, "strategy.matrix.include." .. parts[2], depth)
    end
  end
end

function ci.taint(e, path) return taint(e, path, 0) end

-- Whether `path` is an input of something that callers outside the scan may call.
function ci.open_input(e, path)
  local parts = split(path, ".")
  if parts[1] ~= "inputs" or parts[2] == nil then return false end
  local target = e
  while target.kind ~= "ci.workflow" and target.kind ~= "ci.action" do target = ci.owner(target) end
  if #target:edges_to("references") > 0 then return false end
  local input
  if target.kind == "ci.action" then
    input = ci.get(target.raw.inputs, parts[2])
  else
    input = ci.get(target.raw.on, "workflow_call", "inputs", parts[2])
    if input == nil then return false end
  end
  return not one_of(ci.get(input, "type"), "boolean", "number", "choice")
end

-- --- whose things are used --------------------------------------------------------------------

-- Whether an owner is one's own: named by the parameter own_organisations, or called for a workflow that lies in the scan.
function ci.own(owner)
  for _, name in ipairs(list(param("own_organisations"))) do
    if lower(name) == owner then return true end
  end
  return once("own-owners", function()
    local here, owners = {}, {}
    for _, w in ipairs(graph.all("ci.workflow")) do here[w.address] = true end
    for _, job in ipairs(graph.all("ci.job")) do
      local name = ci.github(job) and match(tostring(job.raw.uses or ""), "^([^/.]+)/[^/]+/[.]github/workflows/[^@]+@") or nil
      local path = name ~= nil and match(tostring(job.raw.uses), "^[^/]+/[^/]+/([.]github/workflows/[^@]+)@") or nil
      if path ~= nil and here[path] then owners[lower(name)] = true end
    end
    return owners
  end)[owner] == true
end

-- --- what jobs do --------------------------------------------------------------------------------

-- Actions and commands that put something into use.
local DEPLOYS = {
  ["azure/webapps-deploy"] = true, ["azure/k8s-deploy"] = true, ["google-github-actions/deploy-cloudrun"] = true,
  ["google-github-actions/deploy-appengine"] = true, ["google-github-actions/deploy-cloud-functions"] = true,
  ["aws-actions/amazon-ecs-deploy-task-definition"] = true, ["aws-actions/aws-lambda-deploy"] = true,
  ["aws-actions/aws-cloudformation-github-deploy"] = true, ["akhileshns/heroku-deploy"] = true,
  ["superfly/flyctl-actions"] = true, ["cloudflare/wrangler-action"] = true,
}

local DEPLOY_COMMAND = "\\b(terraform|tofu|terragrunt)\\b[^\\n|;&]*\\b(apply|destroy)\\b|\\bkubectl\\b[^\\n|;&]*\\b(apply|" ..
  "rollout restart|set image|replace)\\b|" ..
  "\\bhelm(file)?\\b[^\\n|;&]*\\b(upgrade|install|sync|apply)\\b|\\bpulumi up\\b|\\bcdk deploy\\b|\\b(serverless|sls) deploy\\b|" ..
  "\\bgcloud (run|app|functions) deploy\\b|\\baws (ecs update-service|lambda update-function-code|cloudformation deploy)\\b|" ..
  "\\bansible-playbook\\b|\\bargocd app sync\\b"

-- The command or action with which a step deploys, or nil. Dry runs, and clusters that live in the job, are none.
function ci.deploys(step)
  if DEPLOYS[ci.action(step)] then return ci.action(step) end
  if not find(ci.script(step), DEPLOY_COMMAND) then return nil end
  for _, line in ipairs(ci.lines(step)) do
    local found = find(line, DEPLOY_COMMAND)
    if found ~= nil and not find(line, "--dry-run|--check\\b|--syntax-check|^echo\\b|helm repo|helm plugin install|\\blint\\b") then
      return found
    end
  end
end

-- A cluster that the job makes for itself: what is applied to it goes nowhere.
local THROWAWAY = "\\b(kind|k3d|minikube) (create|start|cluster)|\\bk3s\\b|\\bmicrok8s\\b|\\blocalstack\\b|\\btflocal\\b"
local THROWAWAY_ACTIONS = { ["helm/kind-action"] = true, ["medyagh/setup-minikube"] = true, ["manusa/actions-setup-minikube"] = true,
  ["engineerd/setup-kind"] = true, ["abslrs/k3d-action"] = true, ["nolar/setup-k3d-k3s"] = true, ["container-tools/kind-action"] = true,
  ["jupyterhub/action-k3s-helm"] = true, ["localstack/setup-localstack"] = true, ["balchua/microk8s-actions"] = true,
  ["helm/chart-testing-action"] = true }

-- The step of a job that deploys and how, or nil. What the same job takes down again was a test.
function ci.deployment(job)
  local found, how
  for _, step in ipairs(ci.parts(job)) do
    local script = ci.script(step)
    if THROWAWAY_ACTIONS[ci.action(step)] or find(script, THROWAWAY) then return nil end
    if find(script, "\\b(terraform|tofu|terragrunt|pulumi)\\b[^\\n|;&]*\\bdestroy\\b") and
      find(script, "destroy[^\\n]*-auto-approve|auto-approve[^\\n]*destroy|pulumi destroy") then
      return nil
    end
    if found == nil then
      how = ci.deploys(step)
      if how ~= nil then found = step end
    end
  end
  return found, how
end

-- Whether the deployment of a job is to production, as its environment or names say.
function ci.to_production(job, step)
  local environment = ci.environment(job)
  if environment ~= nil and not find(tostring(environment), "[$]") then return ci.is_production(environment) end
  return ci.is_production(job.name) or ci.is_production(job.raw.name) or (step ~= nil and ci.is_production(step.name)) or
    (step ~= nil and find(ci.script(step), "(?i)(^|[^a-z-])(prod|production)([^a-z]|$)") ~= nil)
end

-- Whether a job is meant to put something into use, and not to try it: by its environment, or a name.
function ci.is_release(job, step)
  if ci.environment(job) ~= nil or ci.to_production(job, step) then return true end
  local w = ci.workflow(job)
  local names = lower(job.name .. " " .. tostring(job.raw.name or "") .. " " .. (w ~= nil and ci.github(w) and w.name or ""))
  return find(names, "deploy|release|publish|staging|(^|[^a-z])(cd|apply|rollout)([^a-z]|$)") ~= nil and
    not find(names, "test|e2e|preview|molecule|(^|[^a-z])(ci|pr)([^a-z]|$)")
end

-- Events behind which stands nobody with write access.
function ci.strangers(w)
  local t = ci.triggers(w)
  for _, name in ipairs { "pull_request_target", "issue_comment", "issues", "workflow_run", "discussion", "discussion_comment", "fork",
                          "watch", "pull_request_review", "pull_request_review_comment" } do
    if t[name] then return name end
  end
end

-- Steps that look for weaknesses: in code, dependencies, images or configuration.
local SCAN_ACTION = "^(github/codeql-action|aquasecurity/trivy-action|aquasecurity/tfsec-action|" ..
  "bridgecrewio/checkov-action|snyk/actions|anchore/scan-action|" ..
  "returntocorp/semgrep-action|semgrep/|sonarsource/|google/osv-scanner-action|" ..
    "actions/dependency-review-action|checkmarx/|zricethezav/gitleaks-action|" ..
  "gitleaks/gitleaks-action|trufflesecurity/|securego/gosec|docker/scout-action|" ..
    "golang/govulncheck-action|zizmorcore/zizmor-action|pypa/gh-action-pip-audit|" ..
  "terraform-linters/|stackrox/kube-linter-action|ossf/scorecard-action|github/super-linter|" ..
    "super-linter/|oxsecurity/megalinter|rustsec/|crate-ci/|veracode/|fortify/|mend/)"
local SCAN_COMMAND = "\\b(trivy|checkov|tfsec|terrascan|kics|snyk|semgrep|grype|gosec|govulncheck|bandit|brakeman|" ..
  "sonar-scanner|osv-scanner|gitleaks|" ..
  "trufflehog|kube-linter|kubesec|conftest|opa test|polaris audit|pip-audit|safety check|npm audit|" ..
    "yarn audit|pnpm audit|cargo (audit|deny)|bundle-audit|" ..
  "bundler-audit|dependency-check|hadolint|dockle|docker scout|zizmor|assay scan|kubescape|datree|nancy|retire|codeql)\\b"

function ci.scans(step)
  local action = ci.action(step)
  if action ~= "" and find(action, SCAN_ACTION) then return action end
  local found = find(ci.script(step), SCAN_COMMAND)
  return found
end

return ci
