-- Control plane components and kubelets: which containers run them, and with which flags. The flags of
-- kubeadm's extraArgs stand beside those that kubeadm itself sets (cmd/kubeadm/app/phases).

local pod = lib "pod"
local component = {}

local programs = {
  ["kube-apiserver"] = true, ["kube-controller-manager"] = true, ["kube-scheduler"] = true, etcd = true, kubelet = true,
  ["kube-proxy"] = true,
}

local function basename(word)
  return match(word, "[^/]+$") or word
end

-- Words of a command line; a script that a shell is given counts by its words. What is unknown is "".
local function words_of(c)
  local words = {}
  for _, field in ipairs { "command", "args" } do
    local list = pod.get(c.e, c.at, field)
    if list ~= nil then
      for _, word in ipairs(list) do
        word = tostring(word)
        if not starts(word, "-") and match(word, "\\s") then
          for _, part in ipairs(split(string.gsub(word, "[\n\t\\]", " "), " ")) do
            if part ~= "" then words[#words + 1] = part end
          end
        else
          words[#words + 1] = word
        end
      end
    end
  end
  return words
end

-- Most containers run what their image says.
local function says_something(c)
  return not known(c.command) or c.command ~= nil or not known(c.args) or c.args ~= nil
end

-- Whether it can be told without ending the check.
local function legible(e, c)
  for _, field in ipairs { "command", "args" } do
    local list = pod.get(e, c, field)
    if not known(list) then return false end
    for i = 1, #(list or {}) do
      if not known(list[i]) then return false end
    end
  end
  return true
end

-- The program that the words run, or, where they begin with flags, that the image is named after.
local function program_of(words, image)
  if words[1] ~= nil and starts(words[1], "-") and image ~= nil then
    local name = string.gsub(basename(pod.image(image).repository), "-amd64$", "")
    return programs[name] and name or nil
  end
  for _, word in ipairs(words) do
    local name = basename(word)
    if programs[name] then return name end
    -- Flags of other programs (--etcd …) are no command, and what follows the first flag is none either.
    if starts(word, "-") and word ~= "-c" and word ~= "-ec" then return nil end
  end
end

-- address → program → true, for the workloads of the unit that run a component.
local function running()
  return once("component.running", function()
    local found = {}
    for _, e in ipairs(graph.all("k8s.workload")) do
      local spec = known(e.pod) and e.pod or nil
      for _, group in ipairs { "containers", "initContainers" } do
        local list = spec ~= nil and pod.get(e, spec, group) or nil
        if known(list) and list ~= nil then
          for i = 1, #list do
            local c = list[i]
            if known(c) and says_something(c) and legible(e, c) then
              local program = program_of(words_of({ e = e, at = c }), known(c.image) and c.image or nil)
              if program then
                found[e.address] = found[e.address] or {}
                found[e.address][program] = true
              end
            end
          end
        end
      end
    end
    return found
  end)
end

local none = {}

local function programs_of(e) return running()[e.address] or none end

function component.runs(e, program)
  return memo(e, "component.programs", programs_of)[program] == true
end

local kubeadm_field = {
  ["kube-apiserver"] = "apiServer", ["kube-controller-manager"] = "controllerManager", ["kube-scheduler"] = "scheduler",
}

-- What kubeadm sets without being asked.
local kubeadm_sets = {
  ["kube-apiserver"] = {
    ["authorization-mode"] = "Node,RBAC", ["enable-admission-plugins"] = "NodeRestriction",
    ["client-ca-file"] = "/etc/kubernetes/pki/ca.crt", ["tls-cert-file"] = "/etc/kubernetes/pki/apiserver.crt",
    ["tls-private-key-file"] = "/etc/kubernetes/pki/apiserver.key", ["etcd-cafile"] = "/etc/kubernetes/pki/etcd/ca.crt",
    ["etcd-certfile"] = "/etc/kubernetes/pki/apiserver-etcd-client.crt",
    ["etcd-keyfile"] = "/etc/kubernetes/pki/apiserver-etcd-client.key",
    ["kubelet-client-certificate"] = "/etc/kubernetes/pki/apiserver-kubelet-client.crt",
    ["kubelet-client-key"] = "/etc/kubernetes/pki/apiserver-kubelet-client.key",
    ["service-account-key-file"] = "/etc/kubernetes/pki/sa.pub", ["secure-port"] = "6443",
  },
  ["kube-controller-manager"] = {
    ["bind-address"] = "127.0.0.1", ["root-ca-file"] = "/etc/kubernetes/pki/ca.crt",
    ["service-account-private-key-file"] = "/etc/kubernetes/pki/sa.key", ["use-service-account-credentials"] = "true",
  },
  ["kube-scheduler"] = { ["bind-address"] = "127.0.0.1" },
  etcd = {
    ["cert-file"] = "/etc/kubernetes/pki/etcd/server.crt", ["key-file"] = "/etc/kubernetes/pki/etcd/server.key",
    ["client-cert-auth"] = "true", ["peer-cert-file"] = "/etc/kubernetes/pki/etcd/peer.crt",
    ["peer-key-file"] = "/etc/kubernetes/pki/etcd/peer.key", ["peer-client-cert-auth"] = "true",
    ["trusted-ca-file"] = "/etc/kubernetes/pki/etcd/ca.crt", ["peer-trusted-ca-file"] = "/etc/kubernetes/pki/etcd/ca.crt",
  },
}

local flags = {}

-- The value as text; "" of a flag without one; nil when it is not there. A value that the environment
-- gives ends the check.
function flags:get(name)
  local value = self.values[name]
  if value ~= nil and match(value, "\\$\\(") then unknown("--" .. name .. " is " .. value .. ", which the environment gives") end
  return value
end

function flags:has(name)
  return self.values[name] ~= nil
end

local truths = { [""] = true, ["1"] = true, t = true, ["true"] = true }

function flags:bool(name, default)
  local value = self:get(name)
  if value == nil then return default end
  return truths[lower(value)] == true
end

-- The comma-separated elements, as a list and as a set.
function flags:list(name)
  local value = self:get(name)
  if value == nil then return nil end
  local elements = {}
  for _, element in ipairs(split(value, ",")) do
    element = trim(element)
    elements[#elements + 1] = element
    elements[element] = true
  end
  return elements
end

local function with_methods(f)
  for name, method in pairs(flags) do f[name] = method end
  return f
end

-- Flags that are read from a command line: "--name=value", "--name value", "--name".
local function parse(words)
  local values = {}
  for i, word in ipairs(words) do
    local name, value = match(word, "^--?([^=-][^=]*)=((?s:.*))$")
    if not name then
      name = match(word, "^--?([A-Za-z][^=]*)$")
      local next_word = words[i + 1]
      value = next_word ~= nil and not starts(next_word, "-") and next_word or ""
    end
    if name then values[name] = value end
  end
  return values
end

-- The minor release that an image tag names (1.24 → 24), or nil.
local function release(c)
  local image = c.image
  if image == nil then return nil end
  local tag = pod.image(image).tag
  local minor = tag and string.match(tag, "^v?1%.(%d+)")
  return minor and tonumber(minor)
end

local function of_container(c, program)
  local words = words_of(c)
  if program_of(words, known(c.at.image) and c.at.image or nil) ~= program then return nil end
  local at = pod.get(c.e, c.at, "command")
  return with_methods({ values = parse(words), at = at or c.at, label = c.label, release = known(c.at.image) and release(c.at) or nil,
    program = program })
end

local function of_kubeadm(e, program)
  local section
  if program == "etcd" then
    section = e.raw.etcd and e.raw.etcd["local"]
    if section == nil then return nil end
  elseif program == "kubelet" then
    section = e.raw.nodeRegistration
    if section == nil then return nil end
  else
    section = e.raw[kubeadm_field[program]] or {}
  end
  local values = {}
  for name, value in pairs(kubeadm_sets[program] or {}) do values[name] = value end
  local extra = program == "kubelet" and section.kubeletExtraArgs or section.extraArgs
  if extra ~= nil and extra[1] ~= nil and extra[1].name ~= nil then
    for _, pair in ipairs(extra) do values[pair.name] = tostring(pair.value) end
  else
    for name, value in pairs(extra or {}) do values[name] = tostring(value) end
  end
  local version = e.raw.kubernetesVersion
  local minor = version ~= nil and string.match(tostring(version), "^v?1%.(%d+)")
  return with_methods({ values = values, at = extra or e.raw, label = "kubeadm's " .. program, program = program, kubeadm = true,
    release = minor and tonumber(minor) or nil })
end

-- For `where`: workloads that run the program, and kubeadm's configuration of it.
function component.concerns(e, ...)
  for _, program in ipairs { ... } do
    if e.kind == "k8s.workload" then
      if component.runs(e, program) then return true end
    elseif e.kind == "kubeadm.configuration" then
      if program == "kubelet" then
        if e.raw.nodeRegistration and e.raw.nodeRegistration.kubeletExtraArgs ~= nil then return true end
      elseif ends(e.type, "/ClusterConfiguration") and (program ~= "etcd" or (e.raw.etcd and e.raw.etcd["local"] ~= nil)) then
        return true
      end
    end
  end
  return false
end

-- Calls check(flags) for each container that runs the program; the failures together.
function component.each(e, program, check)
  if e.kind == "kubeadm.configuration" then
    local found = of_kubeadm(e, program)
    return found and check(found) or nil
  end
  return pod.each(e, function(c)
    local found = of_container(c, program)
    if found then return check(found) end
  end)
end

-- Failures for flags that are missing: component.missing(flags, { "tls-cert-file", … }, "case", why)
function component.missing(f, names, case, why)
  local lacking = {}
  for _, name in ipairs(names) do
    if not f:has(name) or f:get(name) == "" then lacking[#lacking + 1] = "--" .. name end
  end
  if #lacking > 0 then
    return fail(f.label .. " runs " .. f.program .. " without " .. table.concat(lacking, " and ") .. ": " .. why,
      { case = case, at = f.at })
  end
end

-- Suites that CIS counts as strong, under every name that Go knows, and those of TLS 1.3.
local strong = {}
for _, suite in ipairs { "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
  "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
  "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  "TLS_RSA_WITH_AES_256_GCM_SHA384", "TLS_RSA_WITH_AES_128_GCM_SHA256",
  "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256" } do
  strong[suite] = true
end

-- The first weak suite of a list, or nil.
function component.weak_suite(list)
  for _, suite in ipairs(list or {}) do
    if trim(suite) ~= "" and not strong[trim(suite)] then return trim(suite) end
  end
end

local units = { h = 3600, m = 60, s = 1, ms = 0.001, us = 0.000001, ns = 0.000000001 }

-- A Go duration ("1m30s") in seconds, or nil.
function component.seconds(text)
  if text == "0" then return 0 end
  local total, n = 0, 0
  for amount, unit in string.gmatch(text, "([0-9]+%.?[0-9]*)([a-z]+)") do
    if not units[unit] then return nil end
    total, n = total + tonumber(amount) * units[unit], n + #amount + #unit
  end
  return n == #text and total or nil
end

return component
