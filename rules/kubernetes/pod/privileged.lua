local pod = lib "pod"

return rule {
  id = "K8S-POD-001", title = "Container runs privileged",
  severity = "critical", category = "least-privilege",
  aliases = {
    CKV_K8S_16 = "container", ["AVD-KSV-0017"] = "container", ["privileged-container"] = "container",
    CKV_K8S_2 = "psp", CKV_K8S_159 = "git-sync", ["scc-deny-privileged-container"] = "scc",
  },
  frameworks = { "CIS-K8S-1.9:5.2.2", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8",
    "ISO27001-2022:A.8.9" },
  for_each = { "k8s.workload", "k8s.podsecuritypolicy", "openshift.securitycontextconstraints" },
  description = [[A privileged container has all capabilities and every device of the node: whoever controls it controls
the node. The same holds where a policy lets pods ask for it, and where git-sync runs a command of the caller's choice
(`GITSYNC_GIT`).]],
  remediation = [[Remove `privileged: true`; add the one capability that is needed, if any. Deny it in policies.]],
  references = {
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
  },
  check = function(e)
    if e.kind == "openshift.securitycontextconstraints" then
      if e.privileged then
        return fail("constraints " .. e.name .. " let pods run privileged", { case = "scc", at = "privileged" })
      end
      return
    end
    if e.kind == "k8s.podsecuritypolicy" then
      local privileged = pod.get(e, e.raw.spec, "privileged")
      if privileged == true then
        return fail("policy " .. e.name .. " lets pods run privileged", { case = "psp" })
      end
      return
    end
    return pod.each(e, function(c)
      local found = {}
      for _, variable in ipairs(pod.get(e, c.at, "env") or {}) do
        if variable.name == "GITSYNC_GIT" then
          found[#found + 1] = fail(c.label .. " lets its environment choose the program that git-sync runs (GITSYNC_GIT)",
            { case = "git-sync", at = variable })
        end
      end
      if pod.own(c, "privileged") == true then
        found[#found + 1] = fail(c.label .. " runs privileged", { case = "container", at = pod.own(c), within = c.at })
      end
      return found
    end)
  end,
  fix = set("within.securityContext.privileged", false, "container"),
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  containers: [{ name: app, image: "app:1", securityContext: { privileged: true } }]
]], yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: fire }
spec:
  selector: { matchLabels: { app: a } }
  template:
    metadata: { labels: { app: a } }
    spec:
      initContainers: [{ name: setup, image: "app:1", securityContext: { privileged: true } }]
      containers: [{ name: app, image: "app:1" }]
]], [[
resource "kubernetes_pod" "fire" {
  metadata { name = "fire" }
  spec {
    container {
      name  = "app"
      image = "app:1"
      security_context { privileged = true }
    }
  }
}]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  containers: [{ name: app, image: "app:1", securityContext: { privileged: false } }, { name: side, image: "side:1" }]
]] },
    unknown = { [[
variable "p" { type = bool }
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name = "app"
      security_context { privileged = var.p }
    }
  }
}]] },
  },
}
