-- The specification of the template that the workflow is made from, where the set declares it.
local function referred(e, spec)
  local ref = spec.workflowTemplateRef
  if ref == nil then return nil end
  for _, template in ipairs(graph.all("argo.workflow")) do
    if template.name == ref.name and match(template.type, "WorkflowTemplate$")
      and template.address ~= e.address then return template.pod end
  end
end

-- Of a CronWorkflow the workflow's own specification counts (spec.workflowSpec); the checks named here look at spec,
-- where neither field may stand.
return rule {
  id = "ARGO-010", title = "Workflow runs as default account or root",
  severity = "medium", category = "least-privilege",
  aliases = { CKV_ARGO_1 = "account", CKV_ARGO_2 = "root" },
  frameworks = { "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = "argo.workflow",
  description = [[Steps run with the default account, which collects the rights that others give it, and as root unless told otherwise:
a step that builds what somebody pushed owns both.]],
  remediation = [[Set `serviceAccountName` to an account of the workflow's own, and `securityContext.runAsNonRoot: true`.]],
  references = {
    "https://argo-workflows.readthedocs.io/en/latest/service-accounts/",
    "https://argo-workflows.readthedocs.io/en/latest/workflow-pod-security-context/",
  },
  check = function(e)
    local spec, found = e.pod or {}, {}
    local template = referred(e, spec)
    local account = spec.serviceAccountName or (template and template.serviceAccountName)
    if account == nil or account == "" or account == "default" then
      if spec.workflowTemplateRef ~= nil and template == nil then
        unknown("the template " .. tostring(spec.workflowTemplateRef.name) .. " is not in the scan")
      end
      found[1] = fail("workflow " .. e.name .. " runs as the default account", { case = "account", at = spec })
    end
    local context = spec.securityContext or (template and template.securityContext)
    if context == nil or context.runAsNonRoot ~= true then
      found[#found + 1] = fail("workflow " .. e.name .. " may run as root (securityContext.runAsNonRoot is not true)",
        { case = "root", at = spec })
    end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: fire }
spec: { entrypoint: a, templates: [{ name: a, container: { image: a } }] }
]] },
    pass = { yaml [[
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: dont-fire }
spec: { serviceAccountName: builder, securityContext: { runAsNonRoot: true }, entrypoint: a, templates: [{ name: a, container: { image: a } }] }
]], yaml [[
apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata: { name: dont-fire }
spec: { schedule: "@daily", workflowSpec: { serviceAccountName: builder, securityContext: { runAsNonRoot: true }, entrypoint: a } }
]] },
    unknown = { yaml [[
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: a }
spec: { workflowTemplateRef: { name: build } }
]] },
  },
}
