-- Modes and owners of the files of a node, as node collectors write them (kind NodeInfo).

local nodefiles = {}

-- name without Permission(s)/Ownership → what it is. The suffixes differ from file to file.
nodefiles.permissions = {
  { "kubeAPIServerSpecFilePermission", "the manifest of the API server", "AVD-KCV-0048" },
  { "kubeControllerManagerSpecFilePermission", "the manifest of the controller manager", "AVD-KCV-0050" },
  { "kubeSchedulerSpecFilePermission", "the manifest of the scheduler", "AVD-KCV-0052" },
  { "kubeEtcdSpecFilePermission", "the manifest of etcd", "AVD-KCV-0054" },
  { "containerNetworkInterfaceFilePermissions", "a file of the network plugin", "AVD-KCV-0056" },
  { "etcdDataDirectoryPermissions", "the data directory of etcd", "AVD-KCV-0058", "700" },
  { "adminConfFilePermissions", "admin.conf", "AVD-KCV-0060" },
  { "schedulerConfFilePermissions", "scheduler.conf", "AVD-KCV-0062" },
  { "controllerManagerConfFilePermissions", "controller-manager.conf", "AVD-KCV-0064" },
  { "kubePKIKeyFilePermissions", "a key of the cluster's authority", "AVD-KCV-0067" },
  { "kubernetesPKICertificateFilePermissions", "a certificate of the cluster", "AVD-KCV-0068" },
  { "kubeletServiceFilePermissions", "the kubelet's service file", "AVD-KCV-0069" },
  { "kubeconfigFileExistsPermissions", "the kubeconfig of kube-proxy", "AVD-KCV-0071" },
  { "kubeletConfFilePermissions", "kubelet.conf", "AVD-KCV-0073" },
  { "certificateAuthoritiesFilePermissions", "the client authority's file", "AVD-KCV-0075" },
  { "kubeletConfigYamlConfigurationFilePermission", "the kubelet's configuration", "AVD-KCV-0077" },
}

nodefiles.owners = {
  { "kubeAPIServerSpecFileOwnership", "the manifest of the API server", "AVD-KCV-0049" },
  { "kubeControllerManagerSpecFileOwnership", "the manifest of the controller manager", "AVD-KCV-0051" },
  { "kubeSchedulerSpecFileOwnership", "the manifest of the scheduler", "AVD-KCV-0053" },
  { "kubeEtcdSpecFileOwnership", "the manifest of etcd", "AVD-KCV-0055" },
  { "containerNetworkInterfaceFileOwnership", "a file of the network plugin", "AVD-KCV-0057" },
  { "etcdDataDirectoryOwnership", "the data directory of etcd", "AVD-KCV-0059", "etcd:etcd" },
  { "adminConfFileOwnership", "admin.conf", "AVD-KCV-0061" },
  { "schedulerConfFileOwnership", "scheduler.conf", "AVD-KCV-0063" },
  { "controllerManagerConfFileOwnership", "controller-manager.conf", "AVD-KCV-0065" },
  { "kubePKIDirectoryFileOwnership", "the directory of the cluster's keys", "AVD-KCV-0066" },
  { "kubeletServiceFileOwnership", "the kubelet's service file", "AVD-KCV-0070" },
  { "kubeconfigFileExistsOwnership", "the kubeconfig of kube-proxy", "AVD-KCV-0072" },
  { "kubeletConfFileOwnership", "kubelet.conf", "AVD-KCV-0074" },
  { "certificateAuthoritiesFileOwnership", "the client authority's file", "AVD-KCV-0076" },
  { "kubeletConfigYamlConfigurationFileOwnership", "the kubelet's configuration", "AVD-KCV-0078" },
}

-- Whether a mode in octal digits grants nothing that the other does not.
function nodefiles.within(mode, most)
  local a, b = tonumber(mode, 8), tonumber(most, 8)
  return a ~= nil and (a & ~b) == 0
end

-- Calls judge(value, file) for every value that the collector noted.
function nodefiles.each(e, files, judge)
  return each(files, function(file)
    local entry = e.raw.info and e.raw.info[file[1]]
    return each(entry and entry.values or {}, function(value) return judge(tostring(value), file, entry) end)
  end)
end

return nodefiles
