-- Applications and projects of Argo CD, as objects and as Terraform's argocd provider spells them.

local kube = lib "kube"
local argo = {}

local blocks = {
  sources = "source", destinations = "destination", sourceRepos = "source_repos", clusterResourceWhitelist = "cluster_resource_whitelist",
  targetRevision = "target_revision", valueFiles = "value_files", syncPolicy = "sync_policy", selfHeal = "self_heal",
  allowEmpty = "allow_empty", signatureKeys = "signature_keys",
}

function argo.get(e, object, key)
  if object == nil then return nil end
  if starts(e.type, "argocd_") then key = blocks[key] or key end
  return object[key]
end

-- The specification of the application, or of the one that a set makes.
function argo.application(e)
  if e.kind == "argocd.applicationset" then
    local template = e.raw.spec.template
    return template and template.spec or {}
  end
  return e.raw.spec or {}
end

-- Its sources: spec.source or spec.sources.
function argo.sources(e, spec)
  local many = argo.get(e, spec, "sources")
  if many ~= nil and #many > 0 then return many end
  return list(spec.source)
end

-- The environment that a path or name speaks of: its last such word.
function argo.word(text)
  local found
  for _, part in ipairs(split(match(tostring(text), "^(.*?)(?:\\.ya?ml)?$") or "", "/")) do
    found = kube.word(part) or found
  end
  return found
end

-- The environment of the namespace or cluster that it deploys to.
function argo.destination(e, spec)
  local destination = spec.destination
  if destination == nil then return nil end
  for _, field in ipairs { "namespace", "name", "server" } do
    local value = destination[field]
    if value ~= nil and not match(tostring(value), "\\{\\{|^https://kubernetes\\.default") then
      local environment = kube.word(match(tostring(value), "^(?:https?://)?(.*)$") or "")
      if environment then return environment end
    end
  end
end

-- The environment of the application: by its destination, its labels, or its name.
function argo.environment(e, spec)
  return argo.destination(e, spec) or kube.environment(e) or (known(e.name) and e.name and kube.word(e.name)) or nil
end

return argo
