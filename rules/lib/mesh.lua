-- The mesh: which namespaces and pods belong to it, and which mutual TLS holds for them.

local pod = lib "pod"
local kube = lib "kube"
local mesh = {}

-- The root namespace, whose policies hold for all (meshConfig.rootNamespace).
function mesh.root()
  for _, operator in ipairs(graph.all("istio.operator")) do
    local config = operator.raw.spec.meshConfig
    if config ~= nil and config.rootNamespace ~= nil then return config.rootNamespace end
  end
  return "istio-system"
end

-- Whether anything of the unit shows that there is a mesh.
function mesh.present()
  return once("mesh.present", function()
    for _, kind in ipairs { "istio.peerauthentication", "istio.authorizationpolicy", "istio.virtualservice", "istio.destinationrule",
      "istio.operator", "istio.sidecar", "istio.telemetry", "istio.gateway", "istio.requestauthentication" } do
      if #graph.all(kind) > 0 then return true end
    end
    for _, namespace in ipairs(graph.all("k8s.namespace")) do
      if mesh.labelled(namespace) then return true end
    end
    return false
  end)
end

-- true, false, or nil where labels say nothing: whether pods of the namespace are taken in.
function mesh.labelled(namespace)
  if not known(namespace.tags) then return nil end
  local labels = namespace.tags
  if labels["istio-injection"] == "enabled" then return true end
  if labels["istio-injection"] == "disabled" then return false end
  if labels["istio.io/rev"] ~= nil or labels["istio.io/dataplane-mode"] == "ambient" then return true end
  return nil
end

function mesh.namespace_object(name)
  for _, namespace in ipairs(graph.all("k8s.namespace")) do
    if namespace.name == name then return namespace end
  end
end

-- Whether the workload's pods get a proxy: true, false, or nil with why it is not known.
function mesh.injected(e)
  local labels = pod.labels(e)
  local own = labels["sidecar.istio.io/inject"]
  if own == nil then
    local annotations = pod.get(e, e.template, "annotations")
    own = annotations and annotations["sidecar.istio.io/inject"]
  end
  if own ~= nil then return tostring(own) == "true" end
  if labels["istio.io/dataplane-mode"] == "ambient" then return true end
  local namespace = mesh.namespace_object(pod.namespace(e))
  if namespace == nil then return nil, "the labels of namespace " .. pod.namespace(e) .. " are not in the scan" end
  return mesh.labelled(namespace) == true
end

local function selector_of(policy)
  local selector = policy.raw.spec and policy.raw.spec.selector
  local labels = selector and selector.matchLabels
  return labels ~= nil and pod.first_key(labels) ~= nil and labels or nil
end

mesh.selector = selector_of

function mesh.takes(policy, labels)
  for key, value in pairs(selector_of(policy) or {}) do
    if labels[key] ~= value then return false end
  end
  return true
end

-- The mode that holds for pods with these labels: the most specific policy that sets one. nil: none does (PERMISSIVE).
function mesh.mode(namespace, labels)
  local of_pod, of_namespace, of_root
  for _, policy in ipairs(graph.all("istio.peerauthentication")) do
    local space, mode = pod.namespace(policy), policy.mode
    if mode ~= nil and mode ~= "UNSET" then
      if space == namespace and selector_of(policy) then
        if labels and mesh.takes(policy, labels) then of_pod = mode end
      elseif space == namespace then
        of_namespace = mode
      end
      if space == mesh.root() and not selector_of(policy) then of_root = mode end
    end
  end
  return of_pod or of_namespace or of_root
end

function mesh.strict(namespace, labels)
  return mesh.mode(namespace, labels) == "STRICT"
end

-- A service host in full: "web", "web.shop", "web.shop.svc.cluster.local" → namespace, name; nil for hosts outside.
function mesh.service(host, namespace)
  local name, space = match(host, "^([\\w-]+)\\.([\\w-]+)\\.svc[\\w.-]*$")
  if name then return space, name end
  if not string.find(host, ".", 1, true) then return namespace, host end
  name, space = match(host, "^([\\w-]+)\\.([\\w-]+)$")
  if name and graph.find("k8s.service", space, name) then return space, name end
end

-- mesh configuration: what IstioOperator and the ConfigMap "istio" say, { at, get(name) }.
function mesh.configurations()
  local found = {}
  for _, operator in ipairs(graph.all("istio.operator")) do
    local spec = operator.raw.spec
    local config = spec.meshConfig or (spec.values and spec.values.meshConfig)
    if config ~= nil then found[#found + 1] = { e = operator, config = config } end
  end
  return found
end

-- The text of the mesh configuration in the ConfigMap of istiod, or nil.
function mesh.text(e)
  if not match(e.name, "^istio(?:-[a-z0-9-]+)?$") or not known(e.raw.data) or e.raw.data == nil then return nil end
  local text = known(e.raw.data.mesh) and e.raw.data.mesh
  return type(text) == "string" and text or nil
end

mesh.severity = kube.severity

return mesh
