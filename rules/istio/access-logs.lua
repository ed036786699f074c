local pod = lib "pod"
local mesh = lib "mesh"

local function logged_by_telemetry()
  for _, telemetry in ipairs(pod.inside("istio.telemetry", mesh.root())) do
    for _, logging in ipairs(telemetry.raw.spec and telemetry.raw.spec.accessLogging or {}) do
      if logging.disabled ~= true then return true end
    end
  end
  return false
end

return rule {
  id = "ISTIO-013", title = "Access logs or traces of the mesh are off",
  severity = "low", category = "logging",
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "istio.operator", "k8s.configmap", "istio.telemetry" },
  where = function(e)
    return e.kind ~= "k8s.configmap" or mesh.text(e) ~= nil
  end,
  description = [[Without access logs and traces nobody can tell who called what through the mesh.]],
  remediation = [[Set `meshConfig.accessLogFile: /dev/stdout` or a Telemetry with `accessLogging`, and a sampling above zero.]],
  references = { "https://istio.io/latest/docs/reference/config/telemetry/" },
  check = function(e)
    if e.kind == "istio.telemetry" then
      local spec, found = e.raw.spec or {}, {}
      for _, logging in ipairs(spec.accessLogging or {}) do
        if logging.disabled == true then found[1] = fail("telemetry " .. e.name .. " switches access logs off", { at = logging }) end
      end
      for _, tracing in ipairs(spec.tracing or {}) do
        local sampling = tracing.randomSamplingPercentage
        if tracing.disableSpanReporting == true or (sampling ~= nil and tonumber(sampling) == 0) then
          found[#found + 1] = fail("telemetry " .. e.name .. " switches traces off", { at = tracing })
        end
      end
      return found
    end
    if logged_by_telemetry() then return end
    local file, at
    if e.kind == "k8s.configmap" then
      at, file = e.raw.data, match(mesh.text(e), "(?m)^accessLogFile:\\s*[\"']?([^\\s\"']+)")
    else
      if one_of(e.raw.spec.profile, "demo", "preview") then return end
      local config = e.raw.spec.meshConfig or (e.raw.spec.values and e.raw.spec.values.meshConfig)
      at, file = config or e.raw.spec, config and config.accessLogFile
    end
    if file == nil or file == "" then
      return fail("the mesh keeps no access log (neither accessLogFile nor a Telemetry)", { at = at })
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: fire }
spec: { profile: default }
]], yaml [[
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: fire }
spec: { tracing: [{ randomSamplingPercentage: 0 }] }
]] },
    pass = { yaml [[
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: dont-fire }
spec: { meshConfig: { accessLogFile: /dev/stdout } }
]], yaml [[
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: dont-fire }
spec: { profile: default }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: dont-fire, namespace: istio-system }
spec: { accessLogging: [{ providers: [{ name: envoy }] }] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "telemetry.istio.io/v1"
    kind       = "Telemetry"
    metadata   = { name = "a" }
    spec       = { tracing = [{ randomSamplingPercentage = var.v }] }
  }
}]] },
  },
}
