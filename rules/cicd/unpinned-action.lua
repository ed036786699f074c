local ci = lib "ci"

-- GitHub itself: whoever can change these owns the runner already.
local PLATFORM = { actions = true, github = true }
return rule {
  id = "CICD-001", title = "Third-party action or reusable workflow is not pinned to a commit",
  severity = "high", category = "supply-chain",
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = { "ci.step", "ci.job" },
  where = function(e) return ci.github(e) and ci.uses(e.uses) ~= nil end,
  description = [[A tag or branch can be moved to other code at any time, by the owner or by whoever takes over the owner's
account; the hash of a commit cannot. What runs in a job has its token and its secrets. Own organisations are those whose called
workflow lies in the scan, and those that the parameter `own_organisations` names; actions of GitHub itself are
reported with severity low. The generators of SLSA must be named by a tag, and pass.]],
  remediation = [[Write the full hash, with the tag as a comment: `uses: owner/action@<40 hex digits> # v1.2.3`, and let Dependabot or
Renovate keep it up to date. Images: `docker://image@sha256:…`.]],
  references = { "https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions" },
  check = function(e)
    local used = ci.uses(e.uses)
    if used.pinned then return end
    if used.docker then
      return fail("the image " .. used.image .. " is not pinned to a digest", { at = "uses" })
    end
    if ci.own(used.owner) then return end
    -- The builder's verifier knows tags only: it refuses what a commit was named for.
    if used.repo == "slsa-framework/slsa-github-generator" and ci.find(used.ref, "^v\\d+\\.\\d+\\.\\d+$") then return end
    local what = used.ref == nil and " names no version" or " is pinned to '" .. used.ref .. "' instead of a commit"
    return fail(used.name .. what, { at = "uses", severity = PLATFORM[used.owner] and "low" or nil })
  end,
  tests = {
    fail = { workflow [[
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - id: fire
        uses: some/action@v1
      - id: fire_branch
        uses: some/action/sub@main
      - id: fire_image
        uses: docker://alpine:3.20
      - id: dont_fire
        uses: some/action@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v1
]], workflow [[
on: push
jobs:
  fire: { uses: other/repo/.github/workflows/ci.yml@v2 }
]] },
    pass = { workflow [[
on: push
jobs:
  dont_fire: { uses: ./.github/workflows/other.yml }
  dont_fire_slsa: { uses: slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@v2.1.0 }
  b:
    runs-on: ubuntu-latest
    steps:
      - uses: ./.github/actions/x
      - uses: docker://alpine@sha256:beefdbd8a1da6d2915566fde36db9db0b524eb737fc57cd1367effd16dc0d06d
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
]], workflow [[
# parameters: {"own_organisations": ["Acme"]}
on: push
jobs: { b: { runs-on: ubuntu-latest, steps: [{ uses: acme/build@v3 }] } }
]] },
  },
}
