local pod = lib "pod"
local kube = lib "kube"
local ingress = lib "ingress"

-- Clear text is for an ingress that ends TLS in front of the server.
local function clear(at)
  local fronted = false
  for _, route in ipairs(graph.all("k8s.ingress")) do
    for _, rule in ipairs(ingress.rules(route)) do
      for _, entry in ipairs(ingress.paths(route, rule)) do
        if match(tostring((ingress.service(route, entry.backend))), "argocd-server|argo-cd.*server") then
          if pod.first_key(ingress.tls_hosts(route)) == nil then
            return fail("the server of Argo CD speaks plain HTTP, and so does ingress " .. route.name, { at = at })
          end
          fronted = true
        end
      end
    end
  end
  if not fronted then unknown("what stands in front of the server, which speaks plain HTTP, is not in the scan") end
end

local image = "(?:^|/)argocd$"

local function is_server(e)
  local c = kube.container(e, image)
  if c == nil then return false end
  local labels = known(pod.labels(e)) and pod.labels(e) or {}
  return labels["app.kubernetes.io/component"] == "server" or match(e.name, "argocd-server|-server$") ~= nil
end

return rule {
  id = "ARGO-006", title = "Server runs without TLS, single sign-on or with the built-in administrator",
  severity = "high", category = "least-privilege",
  frameworks = { "NIST-800-53r5:IA-2", "PCI-DSS-4.0:8.3.1", "SOC2:CC6.1", "ISO27001-2022:A.8.5" },
  for_each = { "k8s.configmap", "k8s.workload" },
  where = function(e)
    if e.kind == "k8s.workload" then return is_server(e) end
    return known(e.name) and one_of(e.name, "argocd-cm", "argocd-cmd-params-cm")
  end,
  description = [[The built-in administrator has one password for everyone and leaves no name in the log; anonymous users and clear text
open the deployment of everything.]],
  remediation = [[Set `admin.enabled: "false"` after single sign-on works, leave `users.anonymous.enabled` off, and let TLS end at the
server or at the ingress before it.]],
  references = {
    "https://argo-cd.readthedocs.io/en/stable/operator-manual/security/",
    "https://argo-cd.readthedocs.io/en/stable/operator-manual/user-management/",
  },
  check = function(e)
    if e.kind == "k8s.workload" then
      return pod.each(e, function(c)
        local found = {}
        local insecure = one_of(kube.flag(c, "insecure"), "", "true") or kube.variable(c, "ARGOCD_SERVER_INSECURE") == "true"
        if insecure then found[1] = clear(c.at) end
        if one_of(kube.flag(c, "disable-auth"), "", "true") then
          found[#found + 1] = fail(c.label .. " asks for no login (--disable-auth)", { at = c.at })
        end
        return found
      end, "containers")
    end
    local data, found = e.raw.data or {}, {}
    if e.name == "argocd-cmd-params-cm" then
      if tostring(data["server.disable.auth"] or "") == "true" then
        found[1] = fail("the server asks for no login (server.disable.auth)", { at = data })
      end
      if tostring(data["server.insecure"] or "") == "true" then found[#found + 1] = clear(data) end
      return found
    end
    if tostring(data["users.anonymous.enabled"] or "") == "true" then
      found[1] = fail("anonymous users may use Argo CD (users.anonymous.enabled)", { at = data })
    end
    if tostring(data["admin.enabled"] or "true") ~= "false" then
      found[#found + 1] = fail("the built-in administrator is on (admin.enabled is not false)", { at = data, severity = "medium" })
    end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: argocd-cm, namespace: argocd, labels: { app.kubernetes.io/part-of: argocd } }
data: { users.anonymous.enabled: "true", admin.enabled: "false" }
]], yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: argocd-cm, namespace: argocd, labels: { app.kubernetes.io/part-of: argocd } }
data: { url: "https://cd.example.com" }
]] },
    pass = { yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: argocd-cm, namespace: argocd, labels: { app.kubernetes.io/part-of: argocd } }
data: { admin.enabled: "false" }
]] },
    unknown = { yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: argocd-cmd-params-cm, namespace: argocd, labels: { app.kubernetes.io/part-of: argocd } }
data: { server.insecure: "true" }
]] },
  },
}
