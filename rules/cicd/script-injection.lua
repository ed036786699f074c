local ci = lib "ci"

-- Inputs of actions that are run as code.
local CODE = { ["actions/github-script"] = "with.script", ["appleboy/ssh-action"] = "with.script", ["azure/cli"] = "with.inlinescript",
  ["azure/powershell"] = "with.inlinescript", ["addnab/docker-run-action"] = "with.run", ["nick-fields/retry"] = "with.command",
  ["nick-invision/retry"] = "with.command", ["cloudflare/wrangler-action"] = "with.command" }

-- With these alone the job has a read-only token and no secrets when a stranger's pull request starts it.
local function contained(step)
  local w = ci.workflow(step)
  local t = ci.triggers(w)
  return w ~= nil and ci.strangers(w) == nil and t.workflow_call == nil and (t.pull_request or t.push or t.merge_group)
end
return rule {
  id = "CICD-004", title = "Untrusted input is put into a script",
  severity = "critical", category = "supply-chain",
  aliases = { "CKV_GHA_2" },
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "ci.step",
  where = function(e) return ci.github(e) and (e.raw.run ~= nil or CODE[ci.action(e)] ~= nil) end,
  description = [[An expression is put into the script before the shell sees it: a pull request with the title `"; curl … | sh; "` runs as
code, with the token and the secrets of the job. Followed are `env`, matrix values, outputs of jobs and of actions that hand on branch and
file names, and the inputs of composite actions and reusable workflows from their callers in the scan.]],
  remediation = [[Hand the value over in the environment, where it stays data: `env: { TITLE: "${{ github.event.issue.title }}" }` and
`"$TITLE"` in the script.]],
  references = { "https://securitylab.github.com/resources/github-actions-untrusted-input/",
    "https://docs.github.com/en/actions/reference/security/secure-use#good-practices-for-mitigating-script-injection-attacks" },
  check = function(e)
    local open
    local failures = each(e.expressions, function(x)
      local at = lower(x.at)
      if at ~= "run" and at ~= CODE[ci.action(e)] then return end
      if x.invalid then
        open = open or "the expression '" .. x.text .. "' cannot be read"
        return
      end
      for _, path in ipairs(x.flows) do
        local why, maybe = ci.taint(e, path)
        if maybe ~= nil then
          open = open or "whether '" .. path .. "' is " .. maybe .. " depends on an index"
        end
        if why ~= nil then
          local broad = ci.find(path, "^github\\.(event\\.)?[*?]|[*][*]$")
          if not broad and ci.is_empty(e, why) then
            return fail("the script of " .. ci.step_name(e) .. " expands ${{ " .. x.text ..
              " }}, which is empty on the events that start it now, and code on others",
              { at = x, severity = "low" })
          end
          local origin = why == path and "" or ", which holds " .. why
          return fail("the script of " .. ci.step_name(e) .. " expands ${{ " .. x.text .. " }}" .. origin .. ": whoever sets it runs code here",
            { at = x, severity = contained(e) and "high" or nil })
        end
        if ci.open_input(e, path) then
          open = open or "who calls this decides '" .. path .. "', and no caller is in the scan"
        end
      end
    end)
    if #failures == 0 and open ~= nil then unknown(open) end
    return failures
  end,
  tests = {
    fail = { workflow [[
on: issue_comment
env:
  BODY: ${{ github.event.comment.body }}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - id: fire
        run: |
          echo start
          echo "${{ github.event.issue.title }}"
      - id: fire_env
        run: echo "${{ env.BODY }}"
      - id: fire_default
        run: echo "${{ github.head_ref || github.ref_name }}"
      - id: fire_script
        uses: actions/github-script@v7
        with:
          script: console.log("${{ github.event.issue.body }}")
      - id: fire_empty_today
        run: echo ${{ github.event.review.body }}
      - id: fire_json
        run: echo '${{ toJSON(github.event) }}'
      - id: dont_fire
        run: echo "$BODY" ${{ github.event.issue.number }} ${{ contains(github.event.comment.body, '/ok') }}
]], files { [".github/workflows/a.yml"] = [[
on: pull_request_target
jobs:
  a: { uses: ./.github/workflows/b.yml, with: { title: "${{ github.event.pull_request.title }}" } }
]], [".github/workflows/b.yml"] = [[
on: { workflow_call: { inputs: { title: { type: string } } } }
jobs:
  b:
    runs-on: ubuntu-latest
    steps: [{ id: fire, run: "echo ${{ inputs.title }}" }]
]] }, workflow [[
on: pull_request
jobs:
  a:
    runs-on: ubuntu-latest
    outputs: { ref: "${{ github.head_ref }}" }
    steps:
      - { id: files, uses: tj-actions/changed-files@v45, with: { safe_output: false } }
      - { id: fire, run: "echo ${{ steps.files.outputs.all_changed_files }}" }
  b:
    needs: a
    runs-on: ubuntu-latest
    steps: [{ id: fire_output, run: "echo ${{ needs.a.outputs.ref }}" }]
]] },
    pass = { workflow [[
on: pull_request
jobs:
  a:
    runs-on: ubuntu-latest
    strategy: { matrix: { os: [linux, darwin] } }
    steps:
      - run: echo "$TITLE" ${{ matrix.os }} ${{ github.sha }}
        env: { TITLE: "${{ github.event.pull_request.title }}" }
      - run: echo ${{ github.event_name == 'push' && github.ref_name || 'pr' }}
]] },
    unknown = { workflow [[
on: issues
jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "echo ${{ github.event.issue[matrix.what] }}" }] } }
]], files { ["action.yml"] = [[
inputs: { name: { description: Name } }
runs:
  using: composite
  steps: [{ shell: bash, run: "echo ${{ inputs.name }}" }]
]] } },
  },
}
