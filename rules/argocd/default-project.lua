return rule {
  id = "ARGO-002", title = "Application belongs to the default project",
  severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "argocd.application", "argocd.applicationset" },
  description = [[The default project allows every source, destination and object.]],
  remediation = [[Make an AppProject for the team and name it in `spec.project`.]],
  references = { "https://argo-cd.readthedocs.io/en/stable/user-guide/projects/#the-default-project" },
  check = function(e)
    if e.project == "default" or e.project == "" then
      return fail(e.name .. " belongs to the default project", { at = "project" })
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: fire, namespace: argocd }
spec: { project: default, source: { repoURL: "https://git.example.com/shop", path: a }, destination: { server: "https://kubernetes.default.svc", namespace: shop-prod } }
]] },
    pass = { yaml [[
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: dont-fire, namespace: argocd }
spec: { project: shop, source: { repoURL: "https://git.example.com/shop", path: a }, destination: { server: "https://kubernetes.default.svc", namespace: shop-prod } }
]] },
    unknown = { [[
variable "project" {}
resource "argocd_application" "a" {
  metadata { name = "a" }
  spec { project = var.project }
}
]] },
  },
}
