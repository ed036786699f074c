-- Tags and labels: which environment, how sensitive, how they are spelled.

local tags = {}

-- One form for keys: without case, separators and the part before a slash ("acme.com/Data-Class" → "dataclass").
local folds = {}
function tags.fold(key)
  local bare = folds[key]
  if bare == nil then
    bare = string.match(key, "([^/]*)$") or key
    bare = string.lower((string.gsub(bare, "[^%w]", "")))
    folds[key] = bare
  end
  return bare
end

-- Auto Scaling groups have a block for each tag.
local function of_blocks(e, found)
  local blocks = items(e.raw.tag)
  for i = 1, #blocks do
    local tag = known(blocks[i]) and blocks[i] or nil
    if tag and known(tag.key) and known(tag.value) and tag.value ~= nil then found[#found + 1] = { tag.key, tostring(tag.value) } end
  end
  return found
end

local function known_tags(e)
  if e.type == "aws_autoscaling_group" then return of_blocks(e, {}) end
  if not known(e.tags) then return {} end
  return entries(e.tags)
end

-- Tags as a list of { key, value } without those whose values are not known; empty where nothing is known.
function tags.known(e) return memo(e, "tags.known", known_tags) end

-- Whether the value of any tag, or the entity's name, matches.
function tags.mention(e, pattern)
  for _, tag in ipairs(tags.known(e)) do
    if match(tag[2], pattern) then return true end
  end
  return known(e.name) and match(e.name, pattern) ~= nil
end

-- Objects of Kubernetes are of the owner, the environment and the class that their namespace names.
local function namespace_of(e)
  if not starts(e.kind, "k8s.") or e.kind == "k8s.namespace" or e.space == "" then return nil end
  return graph.find("k8s.namespace", "", e.space)
end

-- Keys as they are written, by their folded form: the first of each.
local function spelled(e)
  local by = {}
  for _, name in ipairs(keys(e.tags)) do
    local folded = tags.fold(name)
    by[folded] = by[folded] or name
  end
  return by
end

-- The value and the key as written, under any spelling of the key; nil when it is not there.
function tags.find(e, key)
  local name = memo(e, "tags.spelled", spelled)[tags.fold(key)]
  if name ~= nil then return e.tags[name], name end
  local namespace = memo(e, "tags.namespace", namespace_of)
  if namespace ~= nil then return tags.find(namespace, key) end
end

-- The first of several keys that is there.
function tags.first(e, keys)
  for _, key in ipairs(keys) do
    local value, name = tags.find(e, key)
    if value ~= nil then return value, name end
  end
end

local environments = {
  prod = "prod", production = "prod", prd = "prod", live = "prod", staging = "staging", stage = "staging", stg = "staging",
  preprod = "staging", uat = "staging", dev = "dev", development = "dev", develop = "dev", sandbox = "dev", test = "test",
  testing = "test", qa = "test", ci = "test", preview = "test", ephemeral = "test", review = "test",
}

tags.environment_keys = { "environment", "env", "stage" }
tags.class_keys = { "data-classification", "classification", "data-class", "confidentiality", "data-sensitivity", "sensitivity" }
tags.owner_keys = { "owner", "team", "owned-by", "contact", "maintainer" }

-- "prod", "staging", "dev", "test", or nil; second, the word as written.
function tags.normal(word)
  if word == nil then return nil end
  return environments[string.gsub(lower(word), "[^%a]", "")], word
end

-- The environment that the tags name, not the one of the folder; second, whether they have a key for it.
function tags.named_environment(e)
  local all = tags.known(e)
  for _, wanted in ipairs(tags.environment_keys) do
    for _, tag in ipairs(all) do
      if tags.fold(tag[1]) == wanted then return (tags.normal(tag[2])), true end
    end
  end
  return nil, false
end

local function environment(e)
  local named, told = tags.named_environment(e)
  if told then return named end
  return (tags.normal(e.environment))
end

-- The environment from the tags, else from what the unit is known to be. A tag that is computed says nothing.
function tags.environment(e) return memo(e, "tags.environment", environment) end

function tags.production(e)
  return tags.environment(e) == "prod"
end

-- Severity for what matters in production only: kept there and where the environment is not known, low elsewhere.
function tags.severity(e, elsewhere)
  local where = tags.environment(e)
  if where == nil or where == "prod" then return nil end
  return elsewhere or "low"
end

local function class(e)
  if e.classification ~= "" then return e.classification end
  local value = tags.first(e, tags.class_keys)
  if value == nil then return nil end
  local folded = tags.fold(value)
  if match(folded, "regulat|pci|pii|phi|hipaa|gdpr|restrict") then return "regulated" end
  if match(folded, "confidential|secret|sensitive|private") then return "confidential" end
  if match(folded, "internal") then return "internal" end
  if match(folded, "public|open") then return "public" end
end

-- Whether the thing, or the store that its attribute `owner` names, holds what is meant for everybody.
function tags.public(e, owner)
  for _, store in ipairs(e:targets(e.raw[owner])) do
    if store.classification == "public" then return true end
  end
  return e.classification == "public"
end

-- "public", "internal", "confidential", "regulated", or nil.
function tags.class(e) return memo(e, "tags.class", class) end

function tags.sensitive(e)
  return one_of(tags.class(e), "regulated", "confidential")
end

local function keeps_records(e)
  if tags.sensitive(e) then return true end
  local backup = tags.first(e, { "backup", "backup-class", "purpose", "data-type" })
  if backup ~= nil and match(backup, "(?i)backup|audit|archive|compliance|critical|gold|true|yes") then return true end
  local name = known(e.name) and e.name or ""
  return match(name, "(?i)(?:^|[._-])(?:backups?|audit|cloudtrail|archive|compliance)(?:$|[._-])") ~= nil
end

-- Holds what must outlive accidents: by its class, its backup tag, or its name.
function tags.keeps_records(e) return memo(e, "tags.keeps_records", keeps_records) end

local judged = { "aws.s3.bucket", "aws.vpc", "aws.vpc.subnet", "aws.ec2.instance", "aws.ec2.volume", "aws.ec2.security_group",
  "aws.rds.instance", "aws.rds.cluster", "aws.kms.key", "aws.eks.cluster", "aws.iam.role", "k8s.namespace", "k8s.workload",
  "k8s.persistentvolumeclaim" }

-- Whether the unit's code uses one of the keys at all, or the parameter asks for it: a standard that nobody follows yet
-- is not held against anyone.
function tags.in_use(_, wanted, parameter)
  if param(parameter, false) then return true end
  local used = once("tags in use", function()
    local folded = {}
    for _, kind in ipairs(judged) do
      for _, other in ipairs(graph.all(kind)) do
        if known(other.tags) then
          for _, key in ipairs(keys(other.tags)) do folded[tags.fold(key)] = true end
        end
      end
    end
    return folded
  end)
  local all = table.concat(wanted, " ") -- what is folded has no space
  if used[all] == nil then
    used[all] = false
    for _, key in ipairs(wanted) do
      if used[tags.fold(key)] then used[all] = true end
    end
  end
  return used[all]
end

return tags
