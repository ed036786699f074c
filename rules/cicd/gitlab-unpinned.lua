local ci = lib "ci"

local PREDEFINED = "^[$][{]?CI_(REGISTRY_IMAGE|APPLICATION_REPOSITORY|PROJECT_PATH)\\b|:[$][{]?CI_(COMMIT|PIPELINE)_"

-- The image with the variables that the pipeline itself defines.
local function expanded(e, image)
  local w = ci.workflow(e) or e
  for _ = 1, 5 do
    local name = match(image, "[$][{]?([A-Za-z_][A-Za-z0-9_]*)")
    if name == nil then return image end
    local value = ci.get(e.raw.variables, name) or ci.get(w.raw.variables, name)
    if value ~= nil and type(value) ~= "string" and type(value) ~= "number" then value = ci.get(value, "value") end
    if value == nil then return image end
    image = string.gsub(string.gsub(image, "%${" .. name .. "}", (string.gsub(tostring(value), "%%", "%%%%"))), "%$" .. name,
      (string.gsub(tostring(value), "%%", "%%%%")))
  end
  return image
end

local function judge_image(e, value, what)
  local image = type(value) == "string" and value or ci.get(value, "name")
  if image == nil then return end
  if ci.find(image, PREDEFINED) or ci.find(image, "[$]\\[\\[") then return end
  local full = expanded(e, image)
  if ci.find(full, "@sha256:[0-9a-f]{64}$") or ci.find(full, PREDEFINED) then return end
  if ci.find(full, "[$]") then unknown("which image '" .. image .. "' is depends on a variable that is not in the scan") end
  local tag = match(full, ":([^:/]+)$")
  if tag ~= nil and ci.find(tag, "\\d") and not ci.find(tag, "^(latest|stable|edge|main|master|lts|nightly)\\b") then return end
  return fail(what .. " " .. full .. (tag == nil and " has no tag" or " has the moving tag '" .. tag .. "'") .. ": name a version or a digest",
    { at = value, case = "image" })
end

-- What stands in `holder`; of a job not what it has from the pipeline's defaults, which are judged once.
local function judge_images(e, holder, skip)
  local failures = {}
  if ci.get(holder, "image") ~= nil and not has(skip, "image") then
    failures[1] = judge_image(e, holder.image, "the image")
  end
  for _, service in ipairs(not has(skip, "services") and list(ci.get(holder, "services")) or {}) do
    failures[#failures + 1] = judge_image(e, service, "the service")
  end
  return failures
end

local function judge_include(include)
  if type(include) == "string" then
    if starts(include, "http") then return fail("the included file " .. ci.shown(include) .. " may change at any time", { at = "include" }) end
    return
  end
  local remote, project, ref, component = include.remote, include.project, include.ref, include.component
  if remote ~= nil and include.integrity == nil then
    return fail("the included file " .. ci.shown(remote) ..
      " may change at any time: give its `integrity`, or include it from a project with a `ref`",
      { at = include })
  end
  if project ~= nil and not ci.find(tostring(ref or ""), "^[0-9a-f]{40}$|^v?\\d+(\\.\\d+)+") then
    if ref ~= nil and ci.find(ref, "[$]") then unknown("the reference of the included project " .. project .. " is a variable") end
    return fail("the file of project " .. project .. " is included " .. (ref == nil and "without a ref" or "from the moving ref '" .. ref .. "'"),
      { at = include })
  end
  if component ~= nil and not ci.find(component, "@([0-9a-f]{40}|v?\\d+\\.\\d+\\.\\d+[^/@]*|[$]CI_COMMIT_SHA)$") then
    return fail("the component " .. component .. " is not pinned to a version", { at = include })
  end
end

-- Rules that start a job both for a merge request and for the push to its branch.
local function judge_rules(job)
  local w = ci.workflow(job)
  if ci.get(w.raw.workflow, "rules") ~= nil then return end
  local merge, push
  for _, r in ipairs(list(job.raw.rules)) do
    local condition = ci.get(r, "if")
    if condition ~= nil and ci.get(r, "when") ~= "never" then
      condition = tostring(condition)
      if ci.find(condition, "^\\s*[$]CI_PIPELINE_SOURCE\\s*==\\s*[\"']merge_request_event[\"']") then merge = r end
      -- One that also names a branch or tag starts nothing for the branches of merge requests.
      if ci.find(condition, "^\\s*[$]CI_PIPELINE_SOURCE\\s*==\\s*[\"']push[\"']\\s*$") then push = r end
    end
  end
  if merge ~= nil and push ~= nil then
    return fail("job " .. job.name .. " runs twice for every push to a merge request: once for it and once for the branch",
      { at = "rules", case = "double-pipeline" })
  end
end
return rule {
  id = "CICD-018", title = "GitLab pipeline uses unpinned images or includes, or runs twice",
  severity = "low", category = "supply-chain",
  aliases = { CKV_GITLABCI_2 = "double-pipeline", CKV_GITLABCI_3 = "image" },
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = { "ci.job", "ci.workflow" },
  where = function(e) return not ci.github(e) end,
  description = [[What an image tag, a branch or an address stands for can change between two runs, and with it what the pipeline does. CKV_GITLABCI_3
only counts images; CKV_GITLABCI_2 also reports rules that cannot both hold.]],
  remediation = [[Write images with version or digest, includes with `ref` or `integrity`, and `workflow: rules` that choose one kind of pipeline.]],
  references = { "https://docs.gitlab.com/ci/yaml/#include", "https://docs.gitlab.com/ci/jobs/job_rules/#avoid-duplicate-pipelines" },
  check = function(e)
    if e.kind == "ci.workflow" then
      local failures = each(list(e.raw.include), judge_include)
      failures[#failures + 1] = judge_images(e, e.raw, {})
      failures[#failures + 1] = judge_images(e, e.raw.default, {})
      return failures
    end
    local failures = judge_images(e, e.raw, e.extra.inherited)
    failures[#failures + 1] = judge_rules(e)
    return failures
  end,
  tests = {
    fail = { gitlab [[
include:
  - remote: https://example.com/ci.yml
  - project: acme/ci
    file: a.yml
fire: { image: "node:latest", services: ["postgres"], script: [make] }
]], gitlab [[
default: { image: "golang:latest" }
dont_fire_again: { script: [make] }
fire:
  image: alpine:3.20
  script: [make]
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_PIPELINE_SOURCE == "push"
]] },
    pass = { gitlab [[
variables: { NODE: "22.4" }
include: [{ project: acme/ci, ref: v1.2.0, file: a.yml }, { local: x.yml }, { template: Security/SAST.gitlab-ci.yml }]
dont_fire: { image: "node:$NODE", services: ["postgres:16.3"], script: [make] }
own: { image: "$CI_REGISTRY_IMAGE/build:main", script: [make] }
]], gitlab [[
workflow: { rules: [{ if: $CI_MERGE_REQUEST_IID }] }
dont_fire:
  script: [make]
  rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }, { if: '$CI_PIPELINE_SOURCE == "push"' }]
]] },
    unknown = { gitlab [[
a: { image: "$BUILD_IMAGE", script: [make] }
]] },
  },
}
