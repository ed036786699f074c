-- Pods in one form, whether written as a manifest (camelCase, plural lists) or for Terraform's
-- kubernetes provider (snake_case, repeated blocks in the singular).

local pod = {}

local blocks = {
  containers = "container", initContainers = "init_container", volumes = "volume", volumeMounts = "volume_mount",
  ports = "port", tolerations = "toleration", sysctls = "sysctl",
  topologySpreadConstraints = "topology_spread_constraint", items = "items", hostAliases = "host_aliases",
  readOnlyRootFilesystem = "read_only_root_filesystem", selector = "selector",
}

local spelled = {}

local function snake(key)
  local s = blocks[key] or spelled[key]
  if not s then
    s = string.gsub(key, "(%l)(%u)", "%1_%2")
    s = string.lower(s)
    spelled[key] = s
  end
  return s
end

local last, last_is_terraform

function pod.is_terraform(e)
  if e ~= last then last, last_is_terraform = e, starts(e.type, "kubernetes_") end
  return last_is_terraform
end

-- get(e, object, "securityContext", "capabilities", "add"): nil where any step is missing. At most four steps: rules call
-- this more often than anything else, and a list of arguments takes its time.
function pod.get(e, object, a, b, c, d)
  if e ~= last then last, last_is_terraform = e, starts(e.type, "kubernetes_") end
  if not last_is_terraform then
    if b == nil then return dig(object, a) end
    if c == nil then return dig(object, a, b) end
    if d == nil then return dig(object, a, b, c) end
    return dig(object, a, b, c, d)
  end
  for _, key in ipairs { a, b, c, d } do
    if object == nil then return nil end
    object = object[snake(key)]
  end
  return object
end

local get = pod.get

-- A block of a container. Plans and states write one that is not there as an empty list.
function pod.block(e, c, name)
  local block = get(e, c.at, name)
  if block ~= nil and pod.is_terraform(e) and known(block) and #block == 0 then return nil end
  return block
end

-- Any key of an object; nil when it is empty or absent.
function pod.first_key(object)
  local first
  for key in pairs(object or {}) do first = first or key end
  return first
end

-- The part after the last slash of the type, or Terraform's name for it: "Deployment", "Job" …
local kinds = {
  kubernetes_pod = "Pod", kubernetes_deployment = "Deployment", kubernetes_stateful_set = "StatefulSet",
  kubernetes_daemonset = "DaemonSet", kubernetes_daemon_set = "DaemonSet", kubernetes_job = "Job",
  kubernetes_cron_job = "CronJob", kubernetes_replication_controller = "ReplicationController",
}

local function controller(e)
  if pod.is_terraform(e) then return kinds[string.gsub(e.type, "_v1$", "")] end
  local parts = split(e.type, "/")
  return parts[#parts]
end

function pod.controller(e) return memo(e, "pod.controller", controller) end

function pod.is_job(e)
  local kind = pod.controller(e)
  return kind == "Job" or kind == "CronJob"
end

-- Keeps running: not a job, and not a bare pod that ends.
local function is_service(e)
  if pod.is_job(e) then return false end
  return pod.controller(e) ~= "Pod" or one_of(get(e, e.pod, "restartPolicy") or "Always", "Always")
end

function pod.is_service(e) return memo(e, "pod.is_service", is_service) end

local function namespace(e)
  local space = e.raw.metadata and e.raw.metadata.namespace
  if space == nil and not pod.is_terraform(e) then space = e.space end
  if space == nil or space == "" then return "default" end
  return space
end

function pod.namespace(e) return memo(e, "pod.namespace", namespace) end

local groups = { { "containers", "container" }, { "initContainers", "init container" },
  { "ephemeralContainers", "ephemeral container" } }

local function containers(e, which)
  local found = {}
  for _, group in ipairs(groups) do
    if not which or which == group[1] then
      local list = get(e, e.pod, group[1])
      if list ~= nil then
        for i, c in ipairs(list) do
          local name = known(c.name) and c.name or tostring(i)
          found[#found + 1] = { kind = group[2], name = name, at = c, e = e, label = group[2] .. " " .. name }
        end
      end
    end
  end
  return found
end

local function lasting(e) return containers(e, "containers") end

local function shared(e, which)
  if which == nil then return memo(e, "pod.containers", containers) end
  if which == "containers" then return memo(e, "pod.lasting", lasting) end
  return containers(e, which)
end

-- Containers of every kind: { kind, name, at, e }; `at` is the container as written.
-- With "containers", only those that run all the time. The containers are for all rules: only the list may be changed.
function pod.containers(e, which)
  local copy = {}
  for i, c in ipairs(shared(e, which)) do copy[i] = c end
  return copy
end

-- Calls check(container) for each; the failures together. A workload without containers (a Rollout that refers to a
-- Deployment, an object that is not complete) has not passed.
function pod.each(e, check, which)
  if get(e, e.pod, "containers") == nil then unknown(e.name .. " has no containers to judge") end
  return each(shared(e, which), check)
end

-- A field of the container's own security context.
function pod.own(c, a, b)
  return get(c.e, c.at, "securityContext", a, b)
end

-- A field that the container inherits from the pod unless it sets it.
function pod.effective(c, a, b)
  local own = get(c.e, c.at, "securityContext", a, b)
  if own ~= nil then return own end
  return get(c.e, c.e.pod, "securityContext", a, b)
end

-- Capability names without CAP_, in upper case.
function pod.capabilities(c, which)
  local names = {}
  for _, cap in ipairs(pod.own(c, "capabilities", which) or {}) do
    local name = upper(cap)
    if starts(name, "CAP_") then name = string.sub(name, 5) end
    names[#names + 1] = name
    names[name] = true
  end
  return names
end

function pod.drops(c, name)
  local dropped = pod.capabilities(c, "drop")
  return dropped.ALL or dropped[name] or false
end

-- { registry, repository, tag, digest } of an image reference; the registry as the runtime fills it in.
function pod.image(text)
  local rest, digest = text, nil
  local at = string.find(rest, "@", 1, true)
  if at then rest, digest = string.sub(rest, 1, at - 1), string.sub(rest, at + 1) end
  local slash = string.find(rest, "/", 1, true)
  local registry = "docker.io"
  if slash then
    local first = string.sub(rest, 1, slash - 1)
    if string.find(first, "[.:]") or first == "localhost" then
      registry, rest = first, string.sub(rest, slash + 1)
    end
  end
  local colon = string.find(rest, ":", 1, true)
  local tag
  if colon then rest, tag = string.sub(rest, 1, colon - 1), string.sub(rest, colon + 1) end
  if tag == "" then tag = nil end
  return { registry = registry, repository = rest, tag = tag, digest = digest }
end

-- Labels of the pods that the workload makes.
local function labels(e)
  return get(e, e.template, "labels") or {}
end

function pod.labels(e) return memo(e, "pod.labels", labels) end

-- Whether a label selector (matchLabels, matchExpressions) takes these labels. An empty or absent
-- selector takes everything (API reference, LabelSelector).
function pod.selects(e, selector, worn)
  if selector == nil then return true end
  for key, value in pairs(get(e, selector, "matchLabels") or {}) do
    if worn[key] ~= value then return false end
  end
  for _, term in ipairs(get(e, selector, "matchExpressions") or {}) do
    local value, op = worn[term.key], term.operator
    local listed = value ~= nil and has(term.values or {}, value)
    if op == "In" and not listed then return false end
    if op == "NotIn" and listed then return false end
    if op == "Exists" and value == nil then return false end
    if op == "DoesNotExist" and value ~= nil then return false end
  end
  return true
end

-- Objects of a kind in a namespace, in the same unit.
function pod.inside(kind, space)
  local index = once("pod.inside " .. kind, function()
    local by_space = {}
    for _, object in ipairs(graph.all(kind)) do
      local place = pod.namespace(object)
      by_space[place] = by_space[place] or {}
      table.insert(by_space[place], object)
    end
    return by_space
  end)
  return index[space] or {}
end

-- Objects of a kind in the namespace of e.
function pod.neighbours(e, kind)
  return pod.inside(kind, pod.namespace(e))
end

-- Whether what is not in the scan is not in the cluster either: of a kind of which every cluster has some, live objects are there
-- where they were asked for (`kubectl get pods -o yaml` shows nothing else).
function pod.shows_all(e, kind)
  return e.origin == "live" and #graph.all(kind) > 0
end

-- Objects of a kind from which an edge of the type leads to e: few, where the neighbours may be many. Resources of
-- Terraform have no such edges; of them all neighbours are given.
function pod.reaching(e, edge, kind)
  if pod.is_terraform(e) then return pod.neighbours(e, kind) end
  return e:edges_to(edge, kind)
end

-- The same the other way: objects of a kind that an edge of e leads to.
function pod.reached(e, edge, kind)
  if pod.is_terraform(e) then return pod.neighbours(e, kind) end
  return e:edges_from(edge, kind)
end

-- The object of a kind and name in the namespace of e, or nil.
function pod.find(e, kind, name)
  if not pod.is_terraform(e) then return graph.find(kind, pod.namespace(e), name) end
  for _, other in ipairs(pod.neighbours(e, kind)) do
    if other.name == name then return other end
  end
end

local function takes(selector, worn)
  for key, value in pairs(selector) do
    if worn[key] ~= value then return false end
  end
  return true
end

-- Objects that are found by one pair of labels: "namespace key=value" → list.
local function by_label(name, kind, labels_of, all)
  return once("pod.by_label " .. name, function()
    local index = {}
    for _, object in ipairs(graph.all(kind)) do
      for key, value in pairs(labels_of(object) or {}) do
        local pair = pod.namespace(object) .. " " .. key .. "=" .. tostring(value)
        index[pair] = index[pair] or {}
        table.insert(index[pair], object)
        if not all then break end
      end
    end
    return index
  end)
end

-- Services whose selector takes the workload's pods; only the first where that is enough.
local function find_services(e, enough)
  local index = by_label("services", "k8s.service", function(s) return s.raw.spec.selector end, false)
  local found, worn = {}, pod.labels(e)
  for key, value in pairs(worn) do
    for _, service in ipairs(index[pod.namespace(e) .. " " .. key .. "=" .. tostring(value)] or {}) do
      if takes(service.raw.spec.selector, worn) then
        found[#found + 1] = service
        if enough then return found end
      end
    end
  end
  return found
end

local function services(e) return find_services(e, false) end
local function served(e) return #find_services(e, true) > 0 end

function pod.services(e) return memo(e, "pod.services", services) end
function pod.is_served(e) return memo(e, "pod.is_served", served) end

-- Whether the service's selector takes pods of any workload; with `test`, of one for which that is true. Many services
-- may select the same many pods, so the search ends with the first.
function pod.any_selected(service, test)
  local selector = service.raw.spec.selector
  local first = pod.first_key(selector)
  if first == nil then return false end
  local index = by_label("workloads", "k8s.workload", pod.labels, true)
  for _, workload in ipairs(index[pod.namespace(service) .. " " .. first .. "=" .. tostring(selector[first])] or {}) do
    if takes(selector, pod.labels(workload)) and (test == nil or test(workload)) then return true end
  end
  return false
end

-- Workloads whose pods the service's selector takes.
function pod.selected(service)
  local found = {}
  pod.any_selected(service, function(workload) found[#found + 1] = workload end)
  return found
end

-- Whether a LabelSelector takes pods of any workload of a namespace; `e` is the object that it stands in.
function pod.takes_any(e, selector, space)
  local candidates = pod.inside("k8s.workload", space)
  local wanted = get(e, selector, "matchLabels")
  local key = pod.first_key(wanted)
  if key ~= nil then
    local index = by_label("workloads", "k8s.workload", pod.labels, true)
    candidates = index[space .. " " .. key .. "=" .. tostring(wanted[key])] or {}
  end
  for _, workload in ipairs(candidates) do
    if pod.selects(e, selector, pod.labels(workload)) then return true end
  end
  return false
end

function pod.account(e)
  local name = get(e, e.pod, "serviceAccountName") or get(e, e.pod, "serviceAccount")
  if name == nil or name == "" then return "default" end
  return name
end

return pod
