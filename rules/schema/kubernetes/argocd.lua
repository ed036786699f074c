-- Delivery: Argo CD, Rollouts and Workflows, Flux.

entity "argocd.application" {
  doc = "What is deployed where, from which source.",
  kubernetes = { "argoproj.io/Application" },
  terraform = { "argocd_application" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    project = { string, tf = "spec.project", "spec.project", default = "default" },
  },
  edges = {
    { "references", "spec.project", to = "argocd.project" },
  },
}

entity "argocd.applicationset" {
  doc = "A template of applications.",
  kubernetes = { "argoproj.io/ApplicationSet" },
  terraform = { "argocd_application_set" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    project = { string, tf = "spec.template.spec.project", "spec.template.spec.project", default = "default" },
  },
  edges = {
    { "references", "spec.template.spec.project", to = "argocd.project" },
  },
}

entity "argocd.project" {
  doc = "What applications of a project may do.",
  kubernetes = { "argoproj.io/AppProject" },
  terraform = { "argocd_project" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "argocd.server" {
  doc = "An Argo CD that an operator runs.",
  kubernetes = { "argoproj.io/ArgoCD" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "argo.workflow" {
  doc = "Steps that run as pods.",
  kubernetes = {
    "argoproj.io/Workflow", "argoproj.io/WorkflowTemplate", "argoproj.io/ClusterWorkflowTemplate",
    "argoproj.io/CronWorkflow",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    pod = { any,
      ["argoproj.io/CronWorkflow"] = "spec.workflowSpec",
      "spec",
      doc = "The specification of the workflow." },
  },
  edges = {
    { "runs_as", ["argoproj.io/CronWorkflow"] = "spec.workflowSpec.serviceAccountName", all = "spec.serviceAccountName", to = "k8s.serviceaccount" },
    { "references", "spec.workflowTemplateRef", to = "argo.workflow", match = "reference" },
  },
}

entity "argo.analysis" {
  doc = "Measurements that decide about a rollout.",
  kubernetes = { "argoproj.io/AnalysisTemplate", "argoproj.io/ClusterAnalysisTemplate", "argoproj.io/Experiment" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "flux.source" {
  doc = "Where Flux reads from.",
  kubernetes = {
    "source.toolkit.fluxcd.io/GitRepository", "source.toolkit.fluxcd.io/OCIRepository",
    "source.toolkit.fluxcd.io/HelmRepository", "source.toolkit.fluxcd.io/Bucket",
    "source.toolkit.fluxcd.io/HelmChart",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "flux.release" {
  doc = "What Flux deploys.",
  kubernetes = { "kustomize.toolkit.fluxcd.io/Kustomization", "helm.toolkit.fluxcd.io/HelmRelease" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "renders_from", "spec.sourceRef", to = "flux.source", match = "reference" },
    { "renders_from", "spec.chart.spec.sourceRef", to = "flux.source", match = "reference" },
  },
}

entity "github.runner" {
  doc = "Runners of GitHub Actions in the cluster.",
  kubernetes = {
    "actions.summerwind.dev/RunnerDeployment", "actions.summerwind.dev/RunnerSet",
    "actions.github.com/AutoscalingRunnerSet",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}
