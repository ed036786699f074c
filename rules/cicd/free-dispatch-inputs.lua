local ci = lib "ci"

local BUILDS = "docker/build-push-action|docker/bake-action|goreleaser/goreleaser-action|" ..
  "softprops/action-gh-release|ncipollo/release-action|pypa/gh-action-pypi-publish|" ..
  "actions/create-release|slsa-framework/"
local COMMANDS = "\\bdocker (buildx )?(build|push)|\\bko build|\\bbuildah (bud|build)|\\bpodman (image )?build|" ..
  "\\bnerdctl build|\\bgh release (create|upload)|\\b(npm|pnpm|yarn) publish|\\btwine upload|" ..
  "\\bhelm push|\\bgoreleaser\\b|\\bcargo publish|\\bmvn [^\\n]*deploy|\\bgem push"

-- The step of the workflow that builds or releases, or nil.
local function build_step(w)
  for _, job in ipairs(ci.parts(w)) do
    for _, step in ipairs(ci.parts(job)) do
      if (step.uses ~= nil and ci.find(lower(step.uses), BUILDS)) or ci.find(ci.script(step), COMMANDS) then return step end
    end
  end
end
return rule {
  id = "CICD-008", title = "Manual trigger accepts free inputs into a release build",
  severity = "medium", category = "supply-chain",
  aliases = { "CKV_GHA_7" },
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "ci.workflow",
  where = function(w) return ci.github(w) and ci.triggers(w).workflow_dispatch ~= nil end,
  description = [[What a release holds should follow from the commit alone: free inputs let the one who starts it choose versions, references and
flags that no review saw. CKV_GHA_7 reports every input of every workflow; here those count whose value is free (no boolean, choice or
number) in workflows that build or release something.]],
  remediation = [[Derive the values from the tag or commit, or offer a `type: choice` with the values that are allowed.]],
  references = { "https://slsa.dev/spec/v1.0/requirements" },
  check = function(w)
    local inputs = ci.get(w.raw.on, "workflow_dispatch", "inputs")
    if inputs == nil then return end
    for _, name in ipairs(keys(inputs)) do
      if not one_of(ci.get(inputs[name], "type"), "boolean", "choice", "number") then
        local step = build_step(w)
        if step == nil then
          for _, job in ipairs(ci.parts(w)) do
            if job.uses ~= nil and not starts(job.uses, "./") then unknown("whether " .. job.uses .. " builds or releases is not known") end
          end
          return
        end
        return fail("whoever starts " .. w.name .. " by hand chooses '" .. name .. "' freely, and " .. ci.step_name(step) .. " builds or releases",
          { at = inputs, evidence = { { step, "builds or releases" } } })
      end
    end
  end,
  tests = {
    fail = { workflow [[
on: { workflow_dispatch: { inputs: { version: { type: string } } } }
jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "docker build -t x:$V ." }] } }
]] },
    pass = { workflow [[
on: { workflow_dispatch: { inputs: { dry: { type: boolean }, level: { type: choice, options: [patch, minor] } } } }
jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "docker build ." }] } }
]], workflow [[
on: { workflow_dispatch: {} }
jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "docker build ." }] } }
]], workflow [[
on: { workflow_dispatch: { inputs: { text: {} } } }
jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "echo hi" }] } }
]] },
    unknown = { workflow [[
on: { workflow_dispatch: { inputs: { version: { type: string } } } }
jobs: { a: { uses: other/repo/.github/workflows/x.yml@v1 } }
]] },
  },
}
