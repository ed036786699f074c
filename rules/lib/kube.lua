-- What every object of a cluster has: annotations, namespace, environment.

local pod = lib "pod"
local tags = lib "tags"
local kube = {}

-- An annotation as text, or nil.
function kube.annotation(e, name)
  local annotations = e.raw.metadata and e.raw.metadata.annotations
  local value = annotations and annotations[name]
  return value ~= nil and tostring(value) or nil
end

local function find_word(name)
  for _, part in ipairs(split(string.gsub(name, "[._/]", "-"), "-")) do
    local environment = tags.normal(part)
    if environment then return environment end
  end
end

local word_of, n_words = {}, 0

-- Whether a name has a word that stands for an environment: "shop-prod" → "prod".
function kube.word(name)
  local word = word_of[name]
  if word == nil then
    if n_words > 10000 then word_of, n_words = {}, 0 end
    word = find_word(name) or false
    word_of[name], n_words = word, n_words + 1
  end
  return word or nil
end

local function of_namespace(namespace)
  local object = graph.find("k8s.namespace", "", namespace) or graph.find("k8s.namespace", namespace, namespace)
  local labelled = object and tags.environment(object)
  return labelled or kube.word(namespace)
end

local function find_environment(e)
  local named, told = tags.named_environment(e)
  if told then return named end
  local namespace = pod.namespace(e)
  if known(namespace) and namespace ~= "default" then
    local environment = of_namespace(namespace)
    if environment then return environment end
  end
  return (tags.normal(e.environment))
end

-- "prod", "staging", "dev", "test", or nil: of the object's labels, of its namespace's, of the namespace's name, or of
-- the folder or values that the unit is made of.
function kube.environment(e) return memo(e, "kube.environment", find_environment) end

function kube.production(e)
  return kube.environment(e) == "prod"
end

-- Severity of what matters less outside production: kept in production and where the environment is not known.
function kube.severity(e, elsewhere)
  local environment = kube.environment(e)
  if environment == nil or environment == "prod" then return nil end
  return elsewhere or "low"
end

local function images(e)
  local found = {}
  if not known(e.pod) or not known(pod.get(e, e.pod, "containers")) then return found end
  for _, c in ipairs(pod.containers(e)) do
    local image = known(c.at.image) and c.at.image or nil
    if image ~= nil then
      local parts = pod.image(image)
      found[#found + 1] = { repository = lower(parts.repository), container = c, tag = parts.tag }
    end
  end
  return found
end

-- pattern → repository → whether it matches: workloads run the same few images.
local matched, n_matched = {}, 0

local function matches(repository, pattern)
  local by = matched[pattern]
  if by == nil or n_matched > 10000 then
    if n_matched > 10000 then matched, n_matched = {}, 0 end
    by = {}
    matched[pattern] = by
  end
  local found = by[repository]
  if found == nil then
    found = match(repository, pattern) ~= nil
    by[repository] = found
    n_matched = n_matched + 1
  end
  return found
end

-- The repository of each container's image, in small letters, with the container: { repository, container, tag }.
function kube.images(e) return memo(e, "kube.images", images) end

-- The first container whose image's repository matches, with the image's parts; for `where` too: never ends a check.
function kube.container(e, pattern)
  for _, image in ipairs(kube.images(e)) do
    if matches(image.repository, pattern) then return image.container, image end
  end
end

-- Words of command and args, as text.
function kube.words(c)
  local words = {}
  for _, field in ipairs { "command", "args" } do
    for _, word in ipairs(pod.get(c.e, c.at, field) or {}) do words[#words + 1] = tostring(word) end
  end
  return words
end

-- The value of a flag ("--name=value", "--name value"), "" when it stands alone, nil when it is missing. `all` gives every value.
function kube.flag(c, name, all)
  local found, words = {}, kube.words(c)
  for i, word in ipairs(words) do
    local bare = match(word, "^--?((?s:.*))$")
    if bare == name then
      local after = words[i + 1]
      found[#found + 1] = after ~= nil and not starts(after, "-") and after or ""
    elseif bare and starts(bare, name .. "=") then
      found[#found + 1] = string.sub(bare, #name + 2)
    end
  end
  if all then return found end
  return found[#found]
end

-- A variable of the environment: its literal value as text; "" when it comes from elsewhere; nil when it is not set.
function kube.variable(c, name)
  for _, variable in ipairs(pod.get(c.e, c.at, "env") or {}) do
    if variable.name == name then
      if variable.value ~= nil then return tostring(variable.value) end
      return ""
    end
  end
end

-- Three numbers of a version ("v1.12.1" → 1012001), or nil.
function kube.version(text)
  local major, minor, patch = match(text or "", "^v?([0-9]{1,6})\\.([0-9]{1,6})\\.?([0-9]{0,6})")
  if not major then return nil end
  return tonumber(major) * 1000000 + tonumber(minor) * 1000 + (tonumber(patch) or 0)
end

-- Whether the address, the name or what a Terraform resource refers to for its role has such a word.
function kube.called(e, pattern)
  if match(e.address, pattern) then return true end
  for _, field in ipairs { "name", "role" } do
    if known(e.raw[field]) and e.raw[field] ~= nil and match(tostring(e.raw[field]), pattern) then return true end
  end
  for _, other in ipairs(e:referrers("aws.iam.policy")) do
    if match(other.address, pattern) then return true end
  end
  return false
end

-- The account of the workload's pods, where the set declares it.
function kube.account(e)
  return pod.find(e, "k8s.serviceaccount", pod.account(e))
end

return kube
