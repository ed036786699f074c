local ci = lib "ci"

-- Workflows that only others call run with the caller's permissions.
local function only_called(w)
  local t = ci.triggers(w)
  t.workflow_call = nil
  return next(t) == nil
end
return rule {
  id = "CICD-002", title = "Workflow token may write everything",
  severity = "high", category = "least-privilege",
  aliases = { "CKV2_GHA_1" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "ci.workflow",
  where = ci.github,
  description = [[Every step of a job can use its token. A token that may write everything lets one bad dependency push code, publish
releases and approve pull requests. Without `permissions` the setting of the repository holds, which is "write" in
organisations made before February 2023; the parameter `default_token_permissions = "read"` says that it has been changed.]],
  remediation = [[Begin the workflow with `permissions: {}` or `permissions: { contents: read }` and give single jobs what they need.]],
  references = {
    "https://docs.github.com/en/actions/security-for-github-actions/security-guides/automatic-token-authentication#permissions-for-the-github_token"
  },
  check = function(w)
    if w.raw.permissions == "write-all" then
      return fail("the token of every job of " .. w.name .. " may write everything (permissions: write-all)", { at = "permissions" })
    end
    local failures = each(ci.parts(w), function(job)
      if job.permissions == "write-all" then
        return fail("the token of job " .. job.name .. " may write everything", { at = job, case = "job" })
      end
    end)
    if #failures > 0 or w.raw.permissions ~= nil or only_called(w) then return failures end
    if param("default_token_permissions") == "read" then return end
    for _, job in ipairs(ci.parts(w)) do
      if job.permissions == nil then
        if param("default_token_permissions") == "write" then
          return fail("the token of job " .. job.name .. " has the repository's default, which may write everything", { at = job })
        end
        return fail("no permissions are set for the token of job " .. job.name ..
          ", so the repository's default holds, which may be to write everything",
          { at = job, severity = "medium" })
      end
    end
  end,
  tests = {
    fail = { workflow [[
on: push
permissions: write-all
jobs: { build: { runs-on: ubuntu-latest, steps: [{ run: make }] } }
]], workflow [[
on: push
jobs: { build: { runs-on: ubuntu-latest, permissions: write-all, steps: [{ run: make }] } }
]], workflow [[
on: push
jobs: { build: { runs-on: ubuntu-latest, steps: [{ run: make }] } }
]] },
    pass = { workflow [[
on: push
permissions: { contents: read }
jobs: { build: { runs-on: ubuntu-latest, steps: [{ run: make }] } }
]], workflow [[
on: push
jobs: { build: { runs-on: ubuntu-latest, permissions: {}, steps: [{ run: make }] } }
]], workflow [[
on: workflow_call
jobs: { build: { runs-on: ubuntu-latest, steps: [{ run: make }] } }
]], workflow [[
# parameters: {"default_token_permissions": "read"}
on: push
jobs: { build: { runs-on: ubuntu-latest, steps: [{ run: make }] } }
]] },
  },
}
