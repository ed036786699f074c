return rule {
  id = "HELM-005", title = "Template does not render or escapes its sandbox",
  severity = "high", category = "hygiene",
  version = 2, changes = { "objects that Argo CD reads may be put into a namespace of their own" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "helm.chart",
  description = [[A chart that does not render with its own values or with those of an environment cannot be deployed or checked.
An object in a namespace that neither the release nor its values chose escapes the release's quota, policies and removal.]],
  remediation = [[Mend the template, or give the value a default; take the namespace from `.Release.Namespace`.]],
  references = { "https://helm.sh/docs/chart_template_guide/" },
  check = function(e)
    local found = {}
    local suffix = e.raw.variant ~= nil and " with " .. e.raw.variant or ""
    local problem = list(e.raw.problems)[1]
    if problem ~= nil then
      if e.raw.missing ~= nil then unknown("charts/ lacks " .. e.raw.missing .. ", which chart " .. e.name .. " depends on") end
      if e.raw.variant == nil and match(problem, "execution error at") then
        unknown("chart " .. e.name .. " asks for values that it has no defaults for: " .. string.gsub(problem, "%s+", " "))
      end
      found[#found + 1] = fail("chart " .. e.name .. " does not render" .. suffix .. ": " .. string.gsub(problem, "%s+", " "))
    end
    for i, object in ipairs(e.raw.outside or {}) do
      -- What Argo CD reads has to lie in the namespace where it runs.
      local is_for_argo = match(object.object, "^(?:Application|ApplicationSet|AppProject) ") ~= nil
      found[#found + 1] = not is_for_argo and fail(object.object .. " of chart " .. e.name .. " is always put into namespace " .. object.namespace,
        { at = e.raw.outside[i], severity = "medium" }) or nil
    end
    return found
  end,
  tests = {
    fail = { files {
      ["Chart.yaml"] = "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
      ["templates/a.yaml"] = "{{ include \"shop.labels\" . }}\n",
    }, files { ["Chart.yaml"] = [[
apiVersion: v2
name: shop
version: 1.0.0
]], ["templates/a.yaml"] = [[
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  namespace: other
]] } },
    pass = { files {
      ["Chart.yaml"] = "apiVersion: v2\nname: apps\nversion: 1.0.0\n",
      ["templates/a.yaml"] = [[
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: shop, namespace: argocd }
spec: { project: shop, destination: { server: https://kubernetes.default.svc, namespace: shop } }
]],
    }, files { ["Chart.yaml"] = [[
apiVersion: v2
name: shop
version: 1.0.0
]], ["templates/a.yaml"] = [[
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  namespace: {{ .Release.Namespace }}
]] } },
    unknown = { files {
      ["Chart.yaml"] = "apiVersion: v2\nname: a\nversion: 1.0.0\n",
      ["templates/cm.yaml"] = [[
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
data: { host: {{ required "host is required" .Values.host | quote }} }
]],
    } },
  },
}
