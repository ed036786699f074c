-- Roles, their rules and their bindings, from manifests and from Terraform's kubernetes provider.

local rbac = {}

local function is_terraform(e) return starts(e.type, "kubernetes_") end

function rbac.is_cluster(e)
  return ends(e.type, "/ClusterRole") or ends(e.type, "/ClusterRoleBinding") or match(e.type, "^kubernetes_cluster_role") ~= nil
end

function rbac.namespace(e)
  local metadata = e.raw.metadata
  local space = metadata and metadata.namespace
  if space == nil and not is_terraform(e) then space = e.space end
  if space == nil or space == "" then return "default" end
  return space
end

-- Rules as { at, verbs, resources, groups, names, urls }; lists are empty where missing.
function rbac.rules(role)
  local found = {}
  for _, rule in ipairs(role.raw.rules or role.raw.rule or {}) do
    found[#found + 1] = {
      at = rule,
      verbs = rule.verbs or {}, resources = rule.resources or {},
      groups = rule.apiGroups or rule.api_groups or {},
      names = rule.resourceNames or rule.resource_names or {},
      urls = rule.nonResourceURLs or rule.non_resource_urls or {},
    }
  end
  return found
end

local function takes(list, wanted)
  for _, item in ipairs(list) do
    if item == "*" then return item end
    for _, want in ipairs(wanted) do
      if item == want then return item end
      -- "*/exec" is the subresource of every resource
      local sub = match(want, "/.*$")
      if sub and item == "*" .. sub then return item end
    end
  end
end

-- A list of texts as a table, for messages.
function rbac.words(list)
  local words = {}
  for _, word in ipairs(list) do words[#words + 1] = tostring(word) end
  return words
end

-- The verb and resource by which a rule allows one of the verbs on one of the resources of a group, or nil.
function rbac.allows(rule, groups, resources, verbs)
  if #rule.resources == 0 or not takes(rule.groups, groups) then return nil end
  local resource = takes(rule.resources, resources)
  local verb = resource and takes(rule.verbs, verbs)
  if verb then return verb, resource end
end

-- Roles that ship with Kubernetes or belong to its components.
function rbac.is_system(e)
  local labels = e.raw.metadata and e.raw.metadata.labels
  if labels ~= nil and labels["kubernetes.io/bootstrapping"] ~= nil then return true end
  return starts(e.name, "system:")
end

function rbac.subjects(binding)
  return binding.raw.subjects or binding.raw.subject or {}
end

-- The role that a binding names, where it is in the same unit.
function rbac.role_of(binding)
  local index = once("rbac.roles", function()
    local roles = {}
    for _, role in ipairs(graph.all("k8s.role")) do
      roles[(rbac.is_cluster(role) and "" or rbac.namespace(role)) .. "/" .. role.name] = role
    end
    return roles
  end)
  local space = binding.role_kind == "ClusterRole" and "" or rbac.namespace(binding)
  return index[space .. "/" .. (binding.role_name or "")]
end

-- Bindings that give a service account rights, in the unit of the rule's entity.
function rbac.bindings_of(name, namespace)
  local index = once("rbac.bindings", function()
    local bindings = {}
    for _, binding in ipairs(graph.all("k8s.rolebinding")) do
      for _, subject in ipairs(rbac.subjects(binding)) do
        if subject.kind == "ServiceAccount" and subject.name ~= nil then
          local key = (subject.namespace or rbac.namespace(binding)) .. "/" .. subject.name
          bindings[key] = bindings[key] or {}
          table.insert(bindings[key], binding)
        end
      end
    end
    return bindings
  end)
  return index[namespace .. "/" .. name] or {}
end

-- Whether a binding has an account or node among its subjects; people are let off, as CKV2_K8S_1 to 5 do.
function rbac.binds_machines(binding)
  for _, subject in ipairs(rbac.subjects(binding)) do
    if one_of(subject.kind, "ServiceAccount", "Node") then return subject end
  end
end

-- One finding for each rule of a role that allows the verbs on the resources, and one on a binding that gives such a
-- role to a service account or node. what(verb, resource) is the message's end.
function rbac.judge(e, groups, resources, verbs, options)
  options = options or {}
  local role = e
  if e.kind == "k8s.rolebinding" then
    local machine = rbac.binds_machines(e)
    role = machine and rbac.role_of(e)
    if not role then return end
  elseif rbac.is_system(e) then
    return
  end
  local found = each(rbac.rules(role), function(rule)
    if options.unless_named and #rule.names > 0 then return end
    local verb, resource = rbac.allows(rule, groups, resources, verbs)
    if not verb then return end
    local can = "may " .. (verb == "*" and "do everything with" or verb) .. " " .. (resource == "*" and "every resource" or resource)
    if e.kind == "k8s.rolebinding" then
      return fail("binding " .. e.name .. " gives service accounts role " .. role.name .. ", which " .. can,
        { case = options.bound, at = e, severity = options.severity, evidence = { { rule.at, "the role's rule" } } })
    end
    return fail("role " .. role.name .. " " .. can, { case = options.case, severity = options.severity, at = rule.at })
  end)
  -- A binding is one finding, however many rules of the role say so.
  if e.kind == "k8s.rolebinding" and found and #found > 1 then return { found[1] } end
  return found
end

return rbac
