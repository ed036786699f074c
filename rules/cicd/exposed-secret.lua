local ci = lib "ci"

local function is_secret(path)
  return starts(path, "secrets.") and path ~= "secrets.github_token"
end

-- Names of a step's own environment that hold a secret.
local function secret_env(step)
  local names = {}
  for _, x in ipairs(step.expressions) do
    local name = match(x.at, "^env\\.([A-Za-z0-9_]+)$")
    for _, path in ipairs(name ~= nil and x.flows or {}) do
      if is_secret(path) then names[#names + 1] = name end
    end
  end
  return names
end

-- What is printed goes to the log only when nothing takes it up.
local function prints(line)
  return ci.find(line, "^(echo|printf|Write-Host|Write-Output|cat <<<)\\b") and not ci.find(line, "[|>]")
end

local function judge_step(step)
  local failures = {}
  for _, x in ipairs(step.expressions) do
    if has(x.flows or {}, "secrets.**") then
      failures[#failures + 1] = fail(ci.step_name(step) .. " takes all secrets of the repository: ${{ " .. x.text .. " }}", { at = x })
    end
  end
  for _, line in ipairs(prints ~= nil and ci.lines(step) or {}) do
    if prints(line) then
      local found = match(line, "[$][{][{]\\s*(secrets\\.[A-Za-z0-9_]+)")
      for _, name in ipairs(found == nil and secret_env(step) or {}) do
        if ci.find(line, "[$][{]?" .. name .. "\\b(?!:)") then found = found or name end
      end
      if found ~= nil and lower(found) ~= "secrets.github_token" then
        failures[#failures + 1] = fail(ci.step_name(step) .. " prints " .. found, { at = "run" })
      end
    end
  end
  return failures
end

local function judge_job(job)
  if job.raw.secrets ~= "inherit" or job.uses == nil or starts(job.uses, "./") then return end
  if ci.own(ci.uses(job.uses).owner) then return end
  return fail("job " .. job.name .. " hands every secret to " .. job.uses, { at = "secrets" })
end

local function judge_workflow(w)
  if #ci.parts(w) < 2 then return end
  return each(w.expressions, function(x)
    if not starts(x.at, "env.") then return end
    for _, path in ipairs(x.flows or {}) do
      if is_secret(path) then
        return fail("every step of " .. #ci.parts(w) .. " jobs of " .. w.name .. " has " .. path .. " in its environment",
          { at = x, severity = "low" })
      end
    end
  end)
end
return rule {
  id = "CICD-011", title = "Secret is printed, inherited or passed to everyone",
  severity = "medium", category = "secrets",
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = { "ci.step", "ci.job", "ci.workflow" },
  where = ci.github,
  description = [[Masking of logs knows the whole secret only: parts and encoded forms get through. A secret that every step or a foreign workflow
has is one that any of their dependencies has. Own organisations are named by the parameter `own_organisations`.]],
  remediation = [[Hand each secret to the one step that needs it, by its name; list the secrets of a called workflow instead of `inherit`; do not
print them.]],
  references = { "https://docs.github.com/en/actions/security-for-github-actions/security-guides/using-secrets-in-github-actions" },
  check = function(e)
    if e.kind == "ci.step" then return judge_step(e) end
    if e.kind == "ci.job" then return judge_job(e) end
    return judge_workflow(e)
  end,
  tests = {
    fail = { workflow [[
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - id: fire
        run: echo "${{ secrets.KEY }}"
      - id: fire_env
        run: echo $KEY
        env: { KEY: "${{ secrets.KEY }}" }
      - id: fire_all
        run: ./deploy
        env: { ALL: "${{ toJSON(secrets) }}" }
  fire: { uses: other/repo/.github/workflows/x.yml@v1, secrets: inherit }
]], workflow [[
on: push
env: { KEY: "${{ secrets.KEY }}" }
jobs:
  a: { runs-on: ubuntu-latest, steps: [{ run: make }] }
  b: { runs-on: ubuntu-latest, steps: [{ run: make }] }
]] },
    pass = { workflow [[
on: push
env: { TOKEN: "${{ secrets.GITHUB_TOKEN }}" }
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo "${{ secrets.KEY }}" | docker login --password-stdin
      - run: echo "$KEY" > key.pem
        env: { KEY: "${{ secrets.KEY }}" }
  b: { uses: ./.github/workflows/x.yml, secrets: inherit }
]] },
  },
}
