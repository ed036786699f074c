local argo = lib "argo"

return rule {
  id = "ARGO-001", title = "Project allows every repository, destination or resource",
  severity = "high", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "argocd.project",
  description = [[Whoever may add an application to the project deploys anything, from anywhere, to anywhere, cluster roles included.
The project that Argo CD makes itself is like that.]],
  remediation = [[Name the repositories, the clusters and namespaces, and the few cluster-wide kinds that are needed.]],
  references = { "https://argo-cd.readthedocs.io/en/stable/user-guide/projects/" },
  check = function(e)
    local spec, found = e.raw.spec, {}
    if has(argo.get(e, spec, "sourceRepos") or {}, "*") then
      found[1] = fail("project " .. e.name .. " takes applications from every repository", { at = argo.get(e, spec, "sourceRepos") })
    end
    found[#found + 1] = each(argo.get(e, spec, "destinations") or {}, function(destination)
      local server, namespace = destination.server or destination.name, destination.namespace
      if server == "*" or namespace == "*" then
        return fail("project " .. e.name .. " deploys to every " .. (server == "*" and "cluster" or "namespace"), { at = destination })
      end
    end)
    found[#found + 1] = each(argo.get(e, spec, "clusterResourceWhitelist") or {}, function(entry)
      if entry.group == "*" and entry.kind == "*" then
        return fail("project " .. e.name .. " may make every cluster-wide object", { at = entry })
      end
    end)
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: { name: fire, namespace: argocd }
spec: { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }] }
]], [[
resource "argocd_project" "fire" {
  metadata { name = "fire" }
  spec {
    source_repos = ["https://git.example.com/shop"]
    destination {
      server    = "https://kubernetes.default.svc"
      namespace = "*"
    }
  }
}
]] },
    pass = { yaml [[
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: { name: dont-fire, namespace: argocd }
spec: { sourceRepos: ["https://git.example.com/shop"], destinations: [{ server: "https://kubernetes.default.svc", namespace: shop }] }
]] },
    unknown = { [[
variable "repos" {}
resource "argocd_project" "a" {
  metadata { name = "a" }
  spec { source_repos = var.repos }
}
]] },
  },
}
