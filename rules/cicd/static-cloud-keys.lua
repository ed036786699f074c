local ci = lib "ci"

local VARIABLES = { aws_secret_access_key = "AWS", google_credentials = "GCP", google_application_credentials_json = "GCP",
  gcp_service_account_key = "GCP", gcp_sa_key = "GCP", gcloud_service_key = "GCP" }
local INPUTS = { ["with.aws-secret-access-key"] = "AWS", ["with.aws_secret_access_key"] = "AWS", ["with.credentials_json"] = "GCP",
  ["with.service_account_key"] = "GCP" }
-- Other stores that speak S3, and imitations.
local ENDPOINT = "(?i)AWS_ENDPOINT|AWS_S3_ENDPOINT|S3_ENDPOINT|--endpoint-url|localstack|minio|r2\\.cloudflarestorage|" ..
  "digitaloceanspaces|backblaze|wasabi"

-- The cloud and the secret whose long-lived key `e` sets, with the place.
local function static_key(e)
  for _, x in ipairs(e.expressions) do
    local at = lower(x.at)
    local cloud = INPUTS[at] or VARIABLES[match(at, "^env\\.(.+)$") or ""]
    for _, path in ipairs(cloud ~= nil and x.flows or {}) do
      if starts(path, "secrets.") then return cloud, path, x end
    end
  end
end

local function temporary(e)
  for _, x in ipairs(e.expressions) do
    if ci.find(lower(x.at), "aws[-_]session[-_]token") then return true end
  end
  return false
end

local function elsewhere(e)
  local text = tostring(e.raw.env or "") .. tostring(e.raw.with or "") .. tostring(e.raw.run or "")
  return ci.find(text, ENDPOINT) ~= nil
end
return rule {
  id = "CICD-010", title = "Static cloud keys are used where OIDC federation exists",
  severity = "high", category = "secrets",
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = { "ci.step", "ci.job", "ci.workflow" },
  where = function(e) return ci.github(e) or e.kind == "ci.job" end,
  description = [[A key that is kept as a secret is valid until somebody turns it off, whoever has copied it. With OIDC the job shows who it is and
gets credentials for an hour.]],
  remediation = [[Give the job `id-token: write` and name a role: `aws-actions/configure-aws-credentials` with `role-to-assume`, or
`google-github-actions/auth` with `workload_identity_provider`. GitLab: `id_tokens` with `aws sts assume-role-with-web-identity`.]],
  references = {
    "https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws",
    "https://docs.gitlab.com/ci/cloud_services/" },
  check = function(e)
    if not ci.github(e) then
      for _, name in ipairs(keys(e.raw.variables)) do
        if VARIABLES[lower(name)] ~= nil and ci.get(e.raw.variables, "AWS_SESSION_TOKEN") == nil then
          return fail("job " .. e.name .. " sets the long-lived key " .. name .. " of " .. VARIABLES[lower(name)], { at = "variables." .. name })
        end
      end
      return
    end
    local cloud, secret, at = static_key(e)
    if cloud == nil or temporary(e) then return end
    if elsewhere(e) then unknown("whether the key is one of AWS is not known: another endpoint is set") end
    return fail(e.name .. " uses the long-lived key of " .. cloud .. " in " .. secret .. " where a role by OIDC would do", { at = at })
  end,
  tests = {
    fail = { workflow [[
on: push
jobs:
  fire:
    runs-on: ubuntu-latest
    env: { AWS_ACCESS_KEY_ID: "${{ secrets.A }}", AWS_SECRET_ACCESS_KEY: "${{ secrets.B }}" }
    steps:
      - id: fire
        uses: google-github-actions/auth@v2
        with: { credentials_json: "${{ secrets.GCP }}" }
]], gitlab [[
fire:
  variables: { AWS_SECRET_ACCESS_KEY: $PROD_SECRET }
  script: [aws s3 ls]
]] },
    pass = { workflow [[
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    permissions: { id-token: write }
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: { role-to-assume: "arn:aws:iam::111122223333:role/ci", aws-region: eu-west-1 }
      - run: aws s3 ls
        env: { AWS_ACCESS_KEY_ID: test, AWS_SECRET_ACCESS_KEY: test }
]], gitlab [[
a: { id_tokens: { T: { aud: x } }, script: [aws sts get-caller-identity] }
]] },
    unknown = { workflow [[
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: aws s3 sync . s3://x --endpoint-url "$R2"
        env: { AWS_SECRET_ACCESS_KEY: "${{ secrets.R2_KEY }}" }
]] },
  },
}
