local ci = lib "ci"

local PUSH = "\\bdocker (image )?push\\b|\\bdocker buildx build\\b[^\\n]*--push|\\bbuildah push|\\bpodman push|" ..
  "\\bnerdctl push|\\bko (build|publish)\\b(?![^\\n]*--push=false)|" ..
  "/kaniko/executor\\b(?![^\\n]*--no-push)|\\bcrane push|\\bgh release (create|upload)\\b"
local SIGN = "\\bcosign (sign|attest)|\\bnotation sign|\\bgpg2? [^\\n]*(--detach-sign|--clearsign|--sign|-b )|" ..
  "--provenance[= ](true|mode)|--attest\\b|\\bgh attestation|\\bslsa-|\\bsigstore sign|\\bminisign -S"
local BILL = "\\bsyft\\b|\\bcyclonedx|\\bcosign attach sbom|--sbom[= ]true|\\bdocker sbom|" ..
  "\\btrivy\\b[^\\n]*(cyclonedx|spdx)|\\bbom generate|\\bsbom\\b"

local function yes(value) return value ~= nil and not one_of(lower(tostring(value)), "false", "", "0") end

-- What a step publishes, or nil.
local function pushes(step)
  local action, with = ci.action(step), step.uses ~= nil and step.raw.with or nil
  if action == "docker/build-push-action" or action == "docker/bake-action" then
    local push = ci.get(with, "push")
    if push ~= nil and lower(tostring(push)) ~= "false" or ci.find(tostring(ci.get(with, "outputs") or ""), "push=true|type=registry") then
      return "an image"
    end
  elseif one_of(action, "softprops/action-gh-release", "ncipollo/release-action", "actions/upload-release-asset",
    "svenstaro/upload-release-action") then
    return "a release"
  end
  for _, line in ipairs(ci.lines(step)) do
    if ci.find(line, PUSH) and not ci.find(line, "^echo|kind-registry|localhost:\\d|127\\.0\\.0\\.1") then
      return ci.find(line, "gh release") and "a release" or "an image"
    end
  end
end

local function look(step, seen)
  local action, with, script = ci.action(step), step.uses ~= nil and step.raw.with or nil, ci.script(step)
  if starts(action, "actions/attest") or starts(action, "slsa-framework/") or one_of(action, "sigstore/gh-action-sigstore-python",
    "notaryproject/notation-action",
      "sigstore/cosign-installer") or ci.find(script, SIGN) or yes(ci.get(with, "provenance")) then
    seen.signature = true
  end
  if action == "actions/attest-sbom" or action == "anchore/sbom-action" or yes(ci.get(with, "sbom")) or ci.find(lower(script), BILL) or
      (action == "aquasecurity/trivy-action" and ci.find(tostring(ci.get(with, "format") or ""), "cyclonedx|spdx")) or
        action == "cyclonedx/gh-node-module-generatebom" then
    seen.bill = true
  end
  if action == "goreleaser/goreleaser-action" or starts(tostring(step.uses or ""), "./") then
    seen.open = "what " .. tostring(step.uses) .. " signs is not known"
  end
end
return rule {
  id = "CICD-009", title = "Built image or artifact is not signed or attested",
  severity = "medium", category = "supply-chain",
  aliases = { CKV_GHA_5 = "signature", CKV_GHA_6 = "bill-of-materials" },
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "ci.workflow",
  description = [[Without a signature or attestation nobody can tell whether an image or file comes from this pipeline. A bill of materials says
what is in it, which counts when the next library has a hole. Judged is what a workflow publishes; CKV_GHA_5 and CKV_GHA_6 also report builds
that go nowhere.]],
  remediation = [[Sign with `cosign sign` (keyless by OIDC) or attest with `actions/attest-build-provenance`, and publish a bill of materials with
`anchore/sbom-action` or `sbom: true` of docker/build-push-action.]],
  references = { "https://docs.sigstore.dev/cosign/signing/overview/",
    "https://docs.github.com/en/actions/security-for-github-actions/using-artifact-attestations" },
  check = function(w)
    local at, what
    local seen = {}
    for _, job in ipairs(ci.parts(w)) do
      if job.raw.uses ~= nil then
        seen.open = "what " .. job.raw.uses .. " signs is not known"
        if ci.find(lower(tostring(job.raw.uses)), "slsa-framework/") then seen.signature = true end
      end
      for _, step in ipairs(ci.parts(job)) do
        look(step, seen)
        if at == nil then
          what = pushes(step)
          if what ~= nil then at = step end
        end
      end
    end
    if at == nil then return end
    if not seen.signature and not seen.bill and seen.open ~= nil then unknown(seen.open) end
    local failures = {}
    if not seen.signature then
      failures[1] = fail(ci.step_name(at) .. " publishes " .. what .. ", and nothing in the workflow signs or attests it",
        { at = at, case = "signature" })
    end
    if not seen.bill and what == "an image" and seen.open == nil then
      failures[#failures + 1] = fail(ci.step_name(at) .. " publishes " .. what .. " without a bill of materials",
        { at = at, case = "bill-of-materials", severity = "low" })
    end
    return failures
  end,
  tests = {
    fail = { workflow [[
on: push
jobs: { a: { runs-on: ubuntu-latest, steps: [{ uses: docker/build-push-action@v6, with: { push: true, tags: "x:1" } }] } }
]], gitlab [[
build:
  script: [docker build -t x ., docker push x]
]] },
    pass = { workflow [[
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps: [{ uses: docker/build-push-action@v6, with: { push: true, tags: "x:1", sbom: true } }, { run: cosign sign x@sha256:1 }]
]], workflow [[
on: push
jobs: { a: { runs-on: ubuntu-latest, steps: [{ uses: docker/build-push-action@v6, with: { push: false } }] } }
]] },
    unknown = { workflow [[
on: push
jobs:
  a: { runs-on: ubuntu-latest, steps: [{ run: docker push x }] }
  b: { needs: a, uses: ./.github/workflows/sign.yml }
]] },
  },
}
