local ci = lib "ci"

-- Arguments of `terraform apply` in a line, or nil.
local function apply_arguments(line)
  local rest = match(line, "\\b(?:terraform|tofu|terragrunt)\\b[^|;&]*?\\bapply\\b([^|;&]*)")
  if rest == nil or ci.find(line, "^echo\\b|--help") then return nil end
  return rest
end

-- A file of a plan: the word that is no option and no value of one.
local function saved_plan(arguments)
  for _, word in ipairs(split(arguments, " ")) do
    word = trim(word)
    local open = ci.find(word, "[$]") and not ci.find(lower(word), "plan")
    if word ~= "" and not open and not starts(word, "-") and not starts(word, ">") and not starts(word, "2>") and
      not ci.find(word, "^[A-Za-z_]+=|^\\\\$") then return word end
  end
end

local UNREVIEWED = { "pull_request", "pull_request_target", "issue_comment", "workflow_run", "repository_dispatch" }
return rule {
  id = "CICD-016", title = "Infrastructure is applied without a reviewed plan",
  severity = "high", category = "hygiene",
  frameworks = { "NIST-800-53r5:CM-3", "PCI-DSS-4.0:6.5.1", "SOC2:CC8.1", "ISO27001-2022:A.8.32" },
  for_each = "ci.step",
  where = function(e)
    if e.raw.run == nil or not ci.find(ci.script(e), "\\bapply\\b") then return false end
    local job = ci.job(e)
    if job == nil then return false end
    for _, line in ipairs(ci.lines(e)) do
      if apply_arguments(line) ~= nil then return ci.deployment(job) ~= nil end
    end
    return false
  end,
  description = [[`apply -auto-approve` plans anew and does what comes out, which need not be what the reviewer saw. A saved plan is what was
reviewed, or an error.]],
  remediation = [[Run `terraform plan -out=tfplan` in the reviewed job, keep the file, and `terraform apply tfplan` behind an environment with
reviewers.]],
  references = { "https://developer.hashicorp.com/terraform/tutorials/automation/automate-terraform" },
  check = function(e)
    local job = ci.job(e)
    local t = ci.triggers(ci.workflow(e))
    return each(ci.lines(e), function(line)
      local arguments = apply_arguments(line)
      if arguments == nil then return end
      local auto = ci.find(arguments, "-auto-approve(?!=false)|--terragrunt-non-interactive|--non-interactive") ~= nil
      if saved_plan(arguments) ~= nil then return end
      if ci.find(arguments, "[$]") and not auto then unknown("whether a saved plan is applied is not known: " .. trim(arguments)) end
      if not auto then return end -- it asks, and stops for want of an answer
      if job.raw.when == "manual" then
        return fail(ci.step_name(e) .. " applies without a saved plan: what was looked at need not be what happens",
          { at = "run", severity = "medium" })
      end
      for _, name in ipairs(UNREVIEWED) do
        if t[name] and ci.environment(job) == nil and job.raw["if"] == nil and e.raw["if"] == nil then
          return fail(ci.step_name(e) .. " applies with auto-approve on " .. name .. ", before anyone has reviewed it", { at = "run" })
        end
      end
      return fail(ci.step_name(e) .. " applies with auto-approve and without a saved plan: what was reviewed need not be what happens",
        { at = "run", severity = "medium" })
    end)
  end,
  tests = {
    fail = { workflow [[
on: pull_request
jobs: { a: { runs-on: ubuntu-latest, steps: [{ id: fire, run: terraform apply -auto-approve }] } }
]], workflow [[
on: push
jobs: { a: { runs-on: ubuntu-latest, environment: prod, steps: [{ id: fire, run: "terraform -chdir=infra apply -input=false -auto-approve" }] } }
]], gitlab [[
apply: { script: [terraform init, terraform apply -auto-approve] }
]] },
    pass = { workflow [[
on: push
jobs: { a: { runs-on: ubuntu-latest, environment: prod, steps: [{ run: terraform apply -input=false -auto-approve tfplan }] } }
]], gitlab [[
apply: { script: [terraform apply "plan.cache"] }
]] },
    unknown = { workflow [[
on: push
jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "terraform apply $ARGS" }] } }
]] },
  },
}
