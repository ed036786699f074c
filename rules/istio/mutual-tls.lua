local pod = lib "pod"
local kube = lib "kube"
local mesh = lib "mesh"

-- Whether the unit holds the mesh's own configuration, so that what is missing there is missing.
local function platform()
  if mesh.namespace_object(mesh.root()) or #graph.all("istio.operator") > 0 then return true end
  return #pod.inside("istio.peerauthentication", mesh.root()) > 0
end

-- A policy that sets PERMISSIVE or DISABLE is reported where it stands, not again at its namespace.
return rule {
  id = "ISTIO-001", title = "Mesh or namespace does not insist on mutual TLS",
  severity = "high", category = "encryption",
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = { "istio.peerauthentication", "k8s.namespace" },
  where = function(e)
    return e.kind == "istio.peerauthentication" or mesh.labelled(e) == true
  end,
  description = [[Without STRICT every pod of the cluster may talk to the workload in clear text, and policies that name identities do
not hold for it. PERMISSIVE is meant for the time of migration, and it is what holds where no policy says otherwise.]],
  remediation = [[Put a PeerAuthentication with `mtls.mode: STRICT` into the root namespace, and remove the exceptions.]],
  references = { "https://istio.io/latest/docs/reference/config/security/peer_authentication/" },
  check = function(e)
    if e.kind == "istio.peerauthentication" then
      if one_of(e.mode, "PERMISSIVE", "DISABLE") then
        return fail("policy " .. e.name .. " accepts clear text (mtls.mode is " .. e.mode .. ")",
          { case = "policy", at = "mode", severity = kube.severity(e) })
      end
      return
    end
    local mode = mesh.mode(e.name)
    if mode == "STRICT" or mode ~= nil then return end
    if not platform() then unknown("the mesh's own namespace is not in the scan; a policy there may insist on mutual TLS") end
    return fail("no policy insists on mutual TLS in namespace " .. e.name .. " (PERMISSIVE holds)",
      { at = e.raw.metadata, severity = kube.severity(e) })
  end,
  fix = set("mode", "STRICT", "policy"),
  tests = {
    fail = { yaml [[
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: fire, namespace: shop }
spec: { mtls: { mode: PERMISSIVE } }
]], yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: fire, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: Namespace
metadata: { name: istio-system, labels: { istio-operator-managed: Reconcile } }
]] },
    pass = { yaml [[
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: dont-fire, namespace: shop }
spec: { mtls: { mode: STRICT } }
]], yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: dont-fire, labels: { istio-injection: enabled } }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: a, labels: { istio-injection: enabled } }
]] },
  },
}
