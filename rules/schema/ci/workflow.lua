-- Workflows of GitHub Actions and pipelines of GitLab.

entity "ci.workflow" {
  doc = "A workflow of GitHub Actions, or a pipeline of GitLab.",
  files = { "github.workflow", "gitlab.pipeline" },
  fields = {
    triggers = { list, "@extra.triggers", doc = "Names of the events that start it: push, pull_request, …" },
    expressions = { list, "@extra.expressions", doc = "Expressions outside jobs: at, text, reads, flows, calls." },
  },
}

entity "ci.action" {
  doc = "A composite, Docker or JavaScript action of GitHub.",
  files = { "github.action" },
  fields = {
    using = { string, "runs.using" },
    expressions = { list, "@extra.expressions" },
  },
}

entity "ci.job" {
  doc = "A job of a workflow or pipeline.",
  files = { "github.job", "gitlab.job" },
  fields = {
    uses = { string, ["github.job"] = "uses", doc = "The reusable workflow that it runs." },
    environment = { any, "environment" },
    permissions = { any, ["github.job"] = "permissions" },
    expressions = { list, "@extra.expressions" },
  },
  edges = {
    { "contains", all = "@extra.workflow", reverse = true },
    { "references", all = "@extra.calls" },
  },
}

entity "ci.step" {
  doc = "A step of a job or composite action; of a GitLab job its before_script, script or after_script.",
  files = { "github.step", "gitlab.script" },
  fields = {
    uses = { string, ["github.step"] = "uses", doc = "The action that it runs." },
    run = { list, "run", doc = "What a shell runs: one text, or the lines of a GitLab script." },
    expressions = { list, "@extra.expressions", doc = "Expressions in it: at, text, reads, flows, calls." },
    index = { number, "@extra.index" },
  },
  edges = {
    { "contains", all = { "@extra.job", "@extra.action" }, reverse = true },
    { "references", all = "@extra.calls" },
  },
}
