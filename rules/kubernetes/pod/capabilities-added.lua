local pod = lib "pod"

return rule {
  id = "K8S-POD-009", title = "Container adds capabilities",
  severity = "high", category = "least-privilege",
  aliases = { CKV_K8S_25 = "container", ["AVD-KSV-0022"] = "container", ["AVD-KSV-0106"] = "container", CKV_K8S_24 = "psp" },
  frameworks = { "CIS-K8S-1.9:5.2.9", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8",
    "ISO27001-2022:A.8.9" },
  for_each = { "k8s.workload", "k8s.podsecuritypolicy" },
  description = [[Every capability beyond the default set gives the container a part of root's power over the node.
`NET_BIND_SERVICE` only lets it listen on ports below 1024; the restricted pod security standard allows it.]],
  remediation = [[Remove the entries of `capabilities.add`, except `NET_BIND_SERVICE`.]],
  references = { "https://kubernetes.io/docs/concepts/security/pod-security-standards/" },
  -- CKV_K8S_25 fails on NET_BIND_SERVICE too, which the restricted standard expressly allows.
  check = function(e)
    if e.kind == "k8s.podsecuritypolicy" then
      local allowed = pod.get(e, e.raw.spec, "allowedCapabilities")
      if allowed ~= nil and #allowed > 0 then
        return fail("policy " .. e.name .. " lets pods add capabilities", { case = "psp", at = allowed })
      end
      return
    end
    return pod.each(e, function(c)
      local extra = {}
      for _, name in ipairs(pod.capabilities(c, "add")) do
        if name ~= "NET_BIND_SERVICE" then extra[#extra + 1] = name end
      end
      if #extra > 0 then
        return fail(c.label .. " adds " .. table.concat(extra, ", "),
          { case = "container", at = pod.own(c, "capabilities", "add") })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  containers: [{ name: app, image: "app:1", securityContext: { capabilities: { add: [NET_ADMIN, SYS_PTRACE] } } }]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  containers: [{ name: app, image: "app:1", securityContext: { capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] } } }]
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "app"
      image = "app:1"
      security_context {
        capabilities { add = var.v }
      }
    }
  }
}]] },
  },
}
