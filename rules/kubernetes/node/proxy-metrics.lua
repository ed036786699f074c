local component = lib "component"

local function proxy_configuration(text)
  return string.find(text, "KubeProxyConfiguration", 1, true) ~= nil
end

local function loopback(address)
  return address == nil or match(address, "^(?:$|127\\.|localhost|\\[?::1)") ~= nil
end

return rule {
  id = "K8S-KUBELET-007", title = "Proxy metrics are reachable from outside the node",
  severity = "low", category = "network",
  frameworks = { "CIS-K8S-1.9:4.3.1", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "k8s.kubeproxyconfiguration", "k8s.configmap", "k8s.workload" },
  where = function(e)
    if e.kind == "k8s.kubeproxyconfiguration" then return true end
    if e.kind == "k8s.workload" then return component.concerns(e, "kube-proxy") end
    if not known(e.raw.data) then return false end
    for _, key in ipairs(keys(e.raw.data)) do
      local text = known(e.raw.data[key]) and e.raw.data[key]
      if type(text) == "string" and proxy_configuration(text) then return true end
    end
    return false
  end,
  description = [[The metrics of kube-proxy name every Service and let proxy modes be read; nothing outside the node needs them without
authentication. The default is loopback.]],
  remediation = [[Set `metricsBindAddress: 127.0.0.1:10249`.]],
  references = { "https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/" },
  check = function(e)
    local address
    if e.kind == "k8s.kubeproxyconfiguration" then
      address = e.raw.metricsBindAddress
    elseif e.kind == "k8s.configmap" then
      for _, text in pairs(e.raw.data) do
        address = address or (proxy_configuration(text) and match(text, "metricsBindAddress:\\s*[\"']?([^\\s\"']+)"))
      end
    else
      return component.each(e, "kube-proxy", function(f)
        local given = f:get("metrics-bind-address")
        if not loopback(given) then
          return fail(f.label .. " serves the metrics of kube-proxy on " .. given, { at = f.at })
        end
      end)
    end
    if not loopback(address) then
      return fail(e.name .. " serves the metrics of kube-proxy on " .. address, { at = e.raw })
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: fire, namespace: kube-system }
data:
  config.conf: |
    apiVersion: kubeproxy.config.k8s.io/v1alpha1
    kind: KubeProxyConfiguration
    metricsBindAddress: 0.0.0.0:10249
]], yaml [[
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
metadata: { name: fire }
metricsBindAddress: 10.0.0.1:10249
]] },
    pass = { yaml [[
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
metadata: { name: dont-fire }
metricsBindAddress: ""
]], yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: dont-fire, namespace: kube-system }
data: { config.conf: "kind: KubeProxyConfiguration\nmetricsBindAddress: 127.0.0.1:10249\n" }
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a }
spec: { containers: [{ name: proxy, image: "kube-proxy:v1.31.0", command: [kube-proxy, "--metrics-bind-address=$(IP):10249"] }] }
]] },
  },
}
