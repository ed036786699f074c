-- Settings of a kubelet, whether given as flags (pods, kubeadm), as its configuration file, or read on a node.

local component = lib "component"
local kubelet = {}

-- setting → flag, path in the file, name that node collectors use, and the defaults of flag and file, which differ
-- (kubelet.config.k8s.io/v1beta1, SetDefaults_KubeletConfiguration; pkg/kubelet/apis/config/v1beta1/defaults.go).
local settings = {
  anonymous = { "anonymous-auth", { "authentication", "anonymous", "enabled" }, "kubeletAnonymousAuthArgumentSet", "true", "false" },
  mode = { "authorization-mode", { "authorization", "mode" }, "kubeletAuthorizationModeArgumentSet", "AlwaysAllow", "Webhook" },
  authority = { "client-ca-file", { "authentication", "x509", "clientCAFile" }, "kubeletClientCaFileArgumentSet" },
  read_only_port = { "read-only-port", { "readOnlyPort" }, "kubeletReadOnlyPortArgumentSet", "10255", "0" },
  idle_timeout = { "streaming-connection-idle-timeout", { "streamingConnectionIdleTimeout" },
    "kubeletStreamingConnectionIdleTimeoutArgumentSet", "4h", "4h" },
  kernel_defaults = { "protect-kernel-defaults", { "protectKernelDefaults" }, "kubeletProtectKernelDefaultsArgumentSet", "false", "false" },
  iptables = { "make-iptables-util-chains", { "makeIPTablesUtilChains" }, "kubeletMakeIptablesUtilChainsArgumentSet", "true", "true" },
  hostname = { "hostname-override", nil, "kubeletHostnameOverrideArgumentSet" },
  event_rate = { "event-qps", { "eventRecordQPS" }, "kubeletEventQpsArgumentSet", "50", "50" },
  certificate = { "tls-cert-file", { "tlsCertFile" }, "kubeletTlsCertFileTlsArgumentSet" },
  key = { "tls-private-key-file", { "tlsPrivateKeyFile" }, "kubeletTlsPrivateKeyFileArgumentSet" },
  rotate = { "rotate-certificates", { "rotateCertificates" }, "kubeletRotateCertificatesArgumentSet", nil, "false" },
  server_bootstrap = { "rotate-server-certificates", { "serverTLSBootstrap" }, "kubeletRotateKubeletServerCertificateArgumentSet" },
}

function kubelet.concerns(e)
  if e.kind == "k8s.kubeletconfiguration" then return true end
  if e.kind == "k8s.nodeinfo" then return e.raw.info ~= nil end
  return component.concerns(e, "kubelet")
end

-- What kubeadm fills in when it writes a configuration that leaves these out (app/componentconfigs/kubelet.go).
local kubeadm_sets = { authority = "/etc/kubernetes/pki/ca.crt", rotate = "true" }

local function of_file(e)
  local defaults = #graph.all("kubeadm.configuration") > 0 and kubeadm_sets or {}
  return {
    label = "the kubelet configuration " .. e.name, at = e.raw, source = "file",
    get = function(_, name)
      local value = settings[name][2] and e.raw
      for _, step in ipairs(settings[name][2] or {}) do value = value and value[step] end
      if value ~= nil and value ~= "" then return tostring(value) end
      return defaults[name] or settings[name][5]
    end,
    suites = function() return e.raw.tlsCipherSuites end,
    gate = function(_, gate) return e.raw.featureGates and e.raw.featureGates[gate] end,
  }
end

-- What the node collector found nothing for stays nil; what it did not look for is not known.
local function of_node(e)
  return {
    label = "the kubelet of " .. e.name, at = e.raw.info, source = "node",
    get = function(_, name)
      local entry = e.raw.info[settings[name][3]]
      if entry == nil then unknown("the node collector did not read " .. settings[name][3] .. " of " .. e.name) end
      local value = entry and entry.values and entry.values[1]
      return value ~= nil and tostring(value) or nil
    end,
    suites = function() return e.raw.info.kubeletOnlyUseStrongCryptographic and e.raw.info.kubeletOnlyUseStrongCryptographic.values end,
    gate = function() return nil end,
  }
end

local function of_flags(f)
  local function elsewhere(flag)
    if f:has("config") then unknown("--" .. flag .. " may stand in the file of --config, which is not read here") end
    if f.kubeadm then unknown(flag .. " is set by the KubeletConfiguration that kubeadm writes, unless the flag stands here") end
  end
  return {
    label = f.label, at = f.at, source = "flags",
    get = function(_, name)
      local setting = settings[name]
      local value = f:get(setting[1])
      if value == nil and setting[2] then elsewhere(setting[1]) end
      if value == nil then return setting[4] end
      return value
    end,
    suites = function() return f:list("tls-cipher-suites") end,
    gate = function(_, gate)
      local gates = f:list("feature-gates")
      if gates and gates[gate .. "=false"] then return false end
      return gates and gates[gate .. "=true"] or nil
    end,
  }
end

-- Calls each of the checks with the kubelet's settings; what one cannot know does not hide what another finds.
function kubelet.each(e, checks)
  local function all(s)
    return each(checks, function(check) return check(s) end)
  end
  if e.kind == "k8s.kubeletconfiguration" then return all(of_file(e)) end
  if e.kind == "k8s.nodeinfo" then return all(of_node(e)) end
  return component.each(e, "kubelet", function(f) return all(of_flags(f)) end)
end

return kubelet
