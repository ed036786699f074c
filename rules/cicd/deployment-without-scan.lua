local ci = lib "ci"

local function ignored(e) return e.raw["continue-on-error"] == true or e.raw.allow_failure == true end

-- What is known about scans of a unit: { found = step, ignored = step, open = reason }.
local function scans()
  return once("scans", function()
    local seen = {}
    for _, job in ipairs(graph.all("ci.job")) do
      if job.raw.uses ~= nil and not starts(tostring(job.raw.uses), "./") then
        seen.open = seen.open or ("what " .. tostring(job.raw.uses) .. " checks is not known")
        if ci.find(lower(tostring(job.raw.uses)), "scan|security|sast|codeql|osv|trivy") then seen.found = seen.found or job end
      end
      for _, step in ipairs(ci.parts(job)) do
        if ci.scans(step) ~= nil then
          if ignored(job) or ignored(step) or ci.find(ci.script(step), "\\|\\| *true\\b") then
            seen.ignored = seen.ignored or step
          else
            seen.found = seen.found or step
          end
        end
      end
    end
    for _, w in ipairs(graph.all("ci.workflow")) do
      if not ci.github(w) then
        for _, include in ipairs(list(w.raw.include)) do
          local template = type(include) == "string" and include or ci.get(include, "template") or ci.get(include, "component")
          if template ~= nil and ci.find(template,
            "(?i)security/|sast|dast|dependency-scanning|container-scanning|secret-detection|code-quality") then seen.found = seen.found or w end
        end
        if w.extra.remote then seen.open = seen.open or "what the included files check is not known" end
      end
    end
    return seen
  end)
end
return rule {
  id = "CICD-015", title = "Pipeline has no security scan or quality gate before deploy",
  severity = "medium", category = "supply-chain",
  frameworks = { "NIST-800-53r5:RA-5", "PCI-DSS-4.0:6.3.1", "SOC2:CC7.1", "ISO27001-2022:A.8.8" },
  for_each = "ci.job",
  where = function(job)
    local step = ci.deployment(job)
    return step ~= nil and ci.is_release(job, step)
  end,
  description = [[What nobody looked at goes live. A scan counts in the same workflow and in others of the repository, as those run on the pull
request; a scan whose failure is ignored stops nothing.]],
  remediation = [[Add a job with a static, dependency, image or policy scan that the deployment `needs`, and let it fail.]],
  references = { "https://owasp.org/www-project-devsecops-guideline/" },
  check = function(job)
    local seen = scans()
    if seen.found ~= nil then return end
    local _, how = ci.deployment(job)
    if seen.ignored ~= nil then
      return fail("job " .. job.name .. " deploys (" .. how .. "), and the failure of the only scan, " .. seen.ignored.address .. ", is ignored",
        { at = job, evidence = { { seen.ignored, "its failure is ignored" } } })
    end
    if seen.open ~= nil then unknown(seen.open) end
    return fail("job " .. job.name .. " deploys (" .. how .. "), and no workflow of the repository runs a security scan", { at = job })
  end,
  tests = {
    fail = { workflow [[
on: push
jobs:
  fire-deploy: { runs-on: ubuntu-latest, steps: [{ run: kubectl apply -f k8s }] }
]], gitlab [[
scan: { allow_failure: true, script: [trivy fs .] }
fire: { environment: staging, script: [terraform apply plan] }
]] },
    pass = { workflow [[
on: push
jobs:
  scan: { runs-on: ubuntu-latest, steps: [{ uses: aquasecurity/trivy-action@0.28.0 }] }
  dont_fire_deploy: { needs: scan, runs-on: ubuntu-latest, steps: [{ run: kubectl apply -f k8s }] }
]], gitlab [[
include: [{ template: Security/SAST.gitlab-ci.yml }]
dont_fire: { environment: staging, script: [terraform apply plan] }
]] },
    unknown = { gitlab [[
include: [{ project: acme/ci, file: /all.yml }]
deploy: { script: [terraform apply plan] }
]] },
  },
}
