local ci = lib "ci"

local NAME = "ACTIONS_ALLOW_UNSECURE_COMMANDS"
return rule {
  id = "CICD-006", title = "Deprecated command channel is re-enabled",
  severity = "high", category = "least-privilege",
  aliases = { "CKV_GHA_1" },
  frameworks = { "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = { "ci.workflow", "ci.job", "ci.step" },
  where = ci.github,
  description = [[`set-env` and `add-path` on standard output were switched off because whatever a program prints could set variables, and so run
code in later steps (CVE-2020-15228).]],
  remediation = [[Write to the files `$GITHUB_ENV` and `$GITHUB_PATH`, and remove the variable.]],
  references = { "https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/" },
  check = function(e)
    local value = ci.get(e.raw.env, NAME)
    if value == nil or one_of(lower(tostring(value)), "false", "", "0") then return end
    if ci.find(tostring(value), "[$][{][{]") then unknown("the value of " .. NAME .. " is an expression") end
    return fail(NAME .. " is " .. tostring(value) .. ": what a program prints may set variables and paths", { at = "env." .. NAME })
  end,
  fix = set("raw.env.ACTIONS_ALLOW_UNSECURE_COMMANDS", false),
  tests = {
    fail = { workflow [[
on: push
jobs:
  fire:
    runs-on: ubuntu-latest
    env: { ACTIONS_ALLOW_UNSECURE_COMMANDS: true }
    steps: [{ id: fire, run: make, env: { ACTIONS_ALLOW_UNSECURE_COMMANDS: "true" } }]
]] },
    pass = { workflow [[
on: push
env: { ACTIONS_ALLOW_UNSECURE_COMMANDS: false }
jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: make }] } }
]] },
    unknown = { workflow [[
on: push
env: { ACTIONS_ALLOW_UNSECURE_COMMANDS: "${{ vars.UNSECURE }}" }
jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: make }] } }
]] },
  },
}
