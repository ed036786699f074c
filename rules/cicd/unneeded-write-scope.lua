local ci = lib "ci"

-- What is known to use a scope: actions, and what a script says.
local NEEDS = {
  ["contents"] = { "git push|gh release|gh api|gh repo|semantic-release|goreleaser|lerna publish|changeset|np --|cargo release|release-plz",
    { "softprops/action-gh-release", "ncipollo/release-action", "goreleaser/goreleaser-action", "peter-evans/create-pull-request",
      "stefanzweifel/git-auto-commit-action", "jamesives/github-pages-deploy-action", "peaceiris/actions-gh-pages", "actions/create-release",
      "cycjimmy/semantic-release-action", "changesets/action", "googleapis/release-please-action", "google-github-actions/release-please-action",
      "actions/upload-release-asset", "helm/chart-releaser-action", "ad-m/github-push-action", "release-drafter/release-drafter",
      "endbug/add-and-commit", "svenstaro/upload-release-action", "benchmark-action/github-action-benchmark", "actions/github-script",
      "mathieudutour/github-tag-action", "anothrnick/github-tag-action", "dependabot/fetch-metadata",
        "advanced-security/maven-dependency-submission-action",
      "advanced-security/component-detection-dependency-submission-action", "peter-evans/repository-dispatch", "anthropics/claude-code-action",
      "anchore/sbom-action", "gradle/actions" } },
  ["id-token"] = { "cosign|ACTIONS_ID_TOKEN|--provenance|sigstore|vault (write|login)|aws sts|twine|uv publish|" ..
    "npm publish|pnpm publish|yarn npm publish|cargo publish|gcloud auth|az login",
    { "aws-actions/configure-aws-credentials", "google-github-actions/auth", "azure/login", "actions/attest-build-provenance", "actions/attest",
      "actions/attest-sbom", "pypa/gh-action-pypi-publish", "actions/deploy-pages", "hashicorp/vault-action", "codecov/codecov-action",
      "rust-lang/crates-io-auth-action", "sigstore/gh-action-sigstore-python", "docker/build-push-action", "docker/bake-action",
      "goreleaser/goreleaser-action", "ossf/scorecard-action", "anthropics/claude-code-action", "aws-actions/amazon-ecr-login",
        "actions/github-script",
      "octo-sts/action", "chainguard-dev/setup-chainctl", "nuget/login", "jfrog/setup-jfrog-cli", "pulumi/auth-actions", "tailscale/github-action",
      "cycjimmy/semantic-release-action", "changesets/action", "slsa-framework/slsa-verifier", "step-security/wait-for-secrets" } },
  ["packages"] = { "ghcr\\.io|docker push|npm publish|pnpm publish|yarn publish|helm push|gem push|nuget push|" ..
    "mvn .*deploy|gradle.* publish|gh api|oras push|crane|skopeo|ko (build|publish|apply)|goreleaser|" ..
    "cosign",
    { "docker/login-action", "docker/build-push-action", "goreleaser/goreleaser-action", "actions/delete-package-versions",
      "actions/attest-build-provenance",
      "redhat-actions/push-to-registry", "ko-build/setup-ko", "actions/github-script", "actions/attest", "sigstore/cosign-installer",
        "devcontainers/ci" } },
  ["security-events"] = { "codeql|upload-sarif|code-scanning|gh api",
    { "github/codeql-action", "ossf/scorecard-action", "aquasecurity/trivy-action", "snyk/actions", "zizmorcore/zizmor-action",
      "google/osv-scanner-action", "anchore/scan-action", "returntocorp/semgrep-action", "actions/github-script", "bridgecrewio/checkov-action",
      "checkmarx/kics-github-action", "microsoft/security-devops-action", "github/ossar-action" } },
  ["pages"] = { "gh api", { "actions/deploy-pages", "actions/configure-pages", "actions/upload-pages-artifact", "actions/jekyll-build-pages" } },
  ["attestations"] = { "gh attestation|gh api", { "actions/attest-build-provenance", "actions/attest", "actions/attest-sbom",
    "docker/build-push-action" } },
}

-- Actions that do nothing with the token but read.
local HARMLESS = { ["actions/checkout"] = true, ["actions/cache"] = true, ["actions/upload-artifact"] = true, ["actions/download-artifact"] = true,
  ["docker/setup-buildx-action"] = true, ["docker/setup-qemu-action"] = true, ["docker/metadata-action"] = true,
  ["golangci/golangci-lint-action"] = true, ["pre-commit/action"] = true, ["pnpm/action-setup"] = true, ["astral-sh/setup-uv"] = true,
  ["hashicorp/setup-terraform"] = true, ["aws-actions/configure-aws-credentials"] = true, ["google-github-actions/auth"] = true,
  ["azure/setup-helm"] = true, ["azure/setup-kubectl"] = true, ["step-security/harden-runner"] = true, ["swatinem/rust-cache"] = true,
  ["dtolnay/rust-toolchain"] = true, ["docker/login-action"] = true, ["gradle/actions"] = true, ["sigstore/cosign-installer"] = true,
  ["actions/configure-pages"] = true, ["actions/upload-pages-artifact"] = true }


local function uses_token(step)
  for _, x in ipairs(step.expressions) do
    if has(x.reads, "github.token") or has(x.reads, "secrets.github_token") then return true end
  end
  return false
end

-- "known", "open" with the reason, or nil.
local function need(step, wanted)
  local action, script = ci.action(step), ci.script(step)
  if has(wanted[2], action) or ci.find(script, "(?i)" .. wanted[1]) then return "known" end
  if starts(action, "slsa-framework/") then return "known" end
  if step.uses ~= nil and not HARMLESS[action] and not starts(action, "actions/setup-") then
    return "open", "what " .. step.uses .. " needs is not known"
  end
  if uses_token(step) and not HARMLESS[action] and not starts(action, "actions/setup-") then
    return "open", "what " .. ci.step_name(step) .. " does with the token is not known"
  end
  if ci.find(script, "(?i)\\.sh\\b|\\bmake\\b|release|publish|deploy|npm run|yarn |\\bjust\\b|\\btask\\b|\\btox\\b|" ..
    "\\bnox\\b|\\.py\\b|\\.js\\b|\\bmvn|gradle") then
    return "open", "what the script of " .. ci.step_name(step) .. " calls is not known"
  end
end
return rule {
  id = "CICD-003", title = "Job holds a write scope it does not use",
  severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "ci.job",
  where = function(job)
    return ci.github(job) and job.uses == nil and ci.has_scopes(job)
  end,
  description = [[A scope that no step needs is of use to an intruder only. Judged are the scopes whose users are known: contents, id-token,
packages, security-events, pages and attestations.]],
  remediation = [[Remove the scope, or move it to the job that needs it.]],
  references = { "https://docs.github.com/en/actions/writing-workflows/workflow-syntax-for-github-actions#permissions" },
  check = function(job)
    local permissions, holder = ci.permissions(job)
    local open
    local failures = each(keys(permissions), function(scope)
      local wanted = NEEDS[scope]
      if wanted == nil or permissions[scope] ~= "write" then return end
      local doubt
      for _, step in ipairs(ci.parts(job)) do
        local need_of, why = need(step, wanted)
        if need_of == "known" then return end
        if need_of == "open" then doubt = doubt or why end
      end
      if doubt ~= nil then
        open = open or (doubt .. ", so whether " .. scope .. ": write is needed is open")
        return
      end
      local where_set = holder.kind == "ci.workflow" and " (set for the whole workflow)" or ""
      return fail("job " .. job.name .. " may write " .. scope .. where_set .. ", and none of its steps is known to need it",
        { at = holder.kind == "ci.job" and "permissions" or job })
    end)
    if #failures == 0 and open ~= nil then unknown(open) end
    return failures
  end,
  tests = {
    fail = { workflow [[
on: push
jobs:
  fire:
    runs-on: ubuntu-latest
    permissions: { contents: write, id-token: write }
    steps: [{ uses: actions/checkout@v4 }, { run: go test ./... }]
]], workflow [[
on: push
permissions: { id-token: write }
jobs:
  fire: { runs-on: ubuntu-latest, steps: [{ run: go vet ./... }] }
]] },
    pass = { workflow [[
on: push
jobs:
  dont_fire:
    runs-on: ubuntu-latest
    permissions: { contents: write, id-token: write }
    steps: [{ uses: actions/checkout@v4 }, { uses: google-github-actions/auth@v2 }, { run: git push origin HEAD }]
  read:
    runs-on: ubuntu-latest
    permissions: { contents: read }
    steps: [{ run: go test ./... }]
]] },
    unknown = { workflow [[
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    permissions: { contents: write }
    steps: [{ uses: some/publisher@v1 }]
]] },
  },
}
