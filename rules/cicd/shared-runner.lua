local ci = lib "ci"

local function own_labels(job)
  local labels = {}
  for _, label in ipairs(list(job.raw["runs-on"])) do
    if label == "self-hosted" then labels.yes = true end
  end
  if not labels.yes then return nil end
  local names = {}
  for _, label in ipairs(list(job.raw["runs-on"])) do
    if not one_of(label, "self-hosted", "linux", "Linux", "x64", "X64", "arm64", "ARM64", "windows",
      "macos") then names[#names + 1] = tostring(label) end
  end
  table.sort(names)
  return table.concat(names, ", ")
end

-- Labels on which jobs run that are no deployment: { labels = job }.
local function test_labels()
  return once("runner-labels", function()
    local seen = {}
    for _, job in ipairs(graph.all("ci.job")) do
      local labels = ci.github(job) and own_labels(job) or nil
      if labels ~= nil and seen[labels] == nil and ci.deployment(job) == nil and ci.environment(job) == nil then seen[labels] = job end
    end
    return seen
  end)
end

local function judge_job(job)
  local labels = own_labels(job)
  if labels == nil then return end
  if ci.find(labels, "[$][{][{]") then unknown("which runner " .. job.name .. " gets is not known") end
  local step = ci.deployment(job)
  if step == nil or not ci.to_production(job, step) then return end
  local other = test_labels()[labels]
  if other == nil then return end
  return fail("job " .. job.name .. " deploys to production from the runners " .. (labels == "" and "self-hosted" or "'" .. labels .. "'") ..
    " that " .. other.name .. " of " .. other.space .. " uses as well", { at = "runs-on", evidence = { { other, "runs on the same runners" } } })
end

local function judge_object(e)
  if ends(e.type, "/AutoscalingRunnerSet") then -- its runners serve one job each
    if e.namespace == "default" then
      return fail("the runners of " .. e.name .. " share the namespace default with other workloads", { at = "metadata" })
    end
    return
  end
  local ephemeral = e.raw.spec.template.spec.ephemeral
  if ephemeral == false then
    return fail("the runners of " .. e.name .. " are not ephemeral: what one job leaves behind the next one finds",
      { at = "spec.template.spec.ephemeral" })
  end
  if e.namespace == "default" then
    return fail("the runners of " .. e.name .. " share the namespace default with other workloads", { at = "metadata" })
  end
end

local function judge_instance(e)
  local script = e.raw.user_data
  if script == nil or not ci.find(script, "actions-runner|/runsvc\\.sh|gitlab-runner register") then return end
  if ci.find(script, "config\\.sh\\b") and not ci.find(script, "--ephemeral") then
    return fail("the runner that " .. e.name .. " starts is not ephemeral: what one job leaves behind the next one finds", { at = "user_data" })
  end
end
return rule {
  id = "CICD-013", title = "Self-hosted runners are shared between environments or long-lived",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:6.5.3", "SOC2:CC6.6", "ISO27001-2022:A.8.31" },
  for_each = { "ci.job", "github.runner", "aws.ec2.instance" },
  where = function(e)
    if e.kind == "ci.job" then return ci.github(e) end
    -- A script that is not known starts no runner that anybody could speak of.
    return e.kind == "github.runner" or (e.type == "aws_instance" and known(e.raw.user_data) and e.raw.user_data ~= nil)
  end,
  description = [[A test that leaves something on a machine waits there for the next job. Where that one deploys to production, it has
production's credentials.]],
  remediation = [[Give production its own runner group and label, make runners ephemeral, and put them into a namespace or account of their own.]],
  references = { "https://docs.github.com/en/actions/hosting-your-own-runners/managing-self-hosted-runners/autoscaling-with-self-hosted-runners" },
  check = function(e)
    if e.kind == "ci.job" then return judge_job(e) end
    if e.kind == "github.runner" then return judge_object(e) end
    return judge_instance(e)
  end,
  tests = {
    fail = { workflow [[
on: push
jobs:
  test: { runs-on: [self-hosted, big], steps: [{ run: make test }] }
  fire:
    runs-on: [self-hosted, big]
    environment: production
    steps: [{ run: kubectl apply -f k8s }]
]], yaml [[
apiVersion: actions.summerwind.dev/v1alpha1
kind: RunnerDeployment
metadata: { name: fire, namespace: runners }
spec: { template: { spec: { repository: acme/api, ephemeral: false } } }
]], [[
resource "aws_instance" "fire" {
  ami       = "ami-1"
  user_data = "cd actions-runner && ./config.sh --url https://github.com/acme --unattended && ./run.sh"
}
]] },
    pass = { workflow [[
on: push
jobs:
  test: { runs-on: [self-hosted, big], steps: [{ run: make test }] }
  dont_fire:
    runs-on: [self-hosted, prod]
    environment: production
    steps: [{ run: kubectl apply -f k8s }]
]], yaml [[
apiVersion: actions.github.com/v1alpha1
kind: AutoscalingRunnerSet
metadata: { name: dont-fire, namespace: runners }
spec: { githubConfigUrl: https://github.com/acme }
]], [[
resource "aws_instance" "dont_fire" {
  ami       = "ami-1"
  user_data = "./config.sh --url https://github.com/acme --ephemeral && actions-runner/run.sh"
}
]] },
    unknown = { workflow [[
on: push
jobs:
  a:
    runs-on: [self-hosted, "${{ vars.POOL }}"]
    environment: production
    steps: [{ run: kubectl apply -f k8s }]
]] },
  },
}
