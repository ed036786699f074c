-- What configures the control plane and nodes beside the components' own command lines.

entity "k8s.kubeletconfiguration" {
  doc = "The kubelet's configuration file, also as served by a node (configz).",
  kubernetes = { "kubelet.config.k8s.io/KubeletConfiguration" },
  live = { "k8s:kubeletconfigs" },
  id = { "metadata.name" },
  fields = { name = { string, "metadata.name", default = "KubeletConfiguration" } },
}

entity "k8s.kubeproxyconfiguration" {
  doc = "The configuration file of kube-proxy.",
  kubernetes = { "kubeproxy.config.k8s.io/KubeProxyConfiguration" },
  fields = { name = { string, "metadata.name", default = "KubeProxyConfiguration" } },
}

entity "k8s.schedulerconfiguration" {
  doc = "The configuration file of kube-scheduler.",
  kubernetes = { "kubescheduler.config.k8s.io/KubeSchedulerConfiguration" },
  fields = { name = { string, "metadata.name", default = "KubeSchedulerConfiguration" } },
}

entity "kubeadm.configuration" {
  doc = "What kubeadm makes a cluster or a node of.",
  kubernetes = { "kubeadm.k8s.io/ClusterConfiguration", "kubeadm.k8s.io/InitConfiguration", "kubeadm.k8s.io/JoinConfiguration" },
  fields = { name = { string, "metadata.name", default = "kubeadm" } },
}

entity "k8s.encryptionconfiguration" {
  doc = "With which keys the API server encrypts what it stores.",
  kubernetes = { "apiserver.config.k8s.io/EncryptionConfiguration", "EncryptionConfig" },
  fields = { name = { string, "metadata.name", default = "EncryptionConfiguration" } },
}

entity "k8s.admissionconfiguration" {
  doc = "Settings of the API server's admission plug-ins.",
  kubernetes = { "apiserver.config.k8s.io/AdmissionConfiguration", "apiserver.k8s.io/AdmissionConfiguration" },
  fields = { name = { string, "metadata.name", default = "AdmissionConfiguration" } },
}

entity "k8s.node" {
  doc = "A machine of the cluster.",
  kubernetes = { "Node" },
  live = { "k8s:nodes" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    kubelet_version = { string, "status.nodeInfo.kubeletVersion" },
    provider = { string, "spec.providerID" },
  },
}

entity "k8s.nodeinfo" {
  doc = "Modes, owners and kubelet arguments that a node collector read on a machine.",
  kubernetes = { "NodeInfo" },
  id = { "metadata.name" },
  fields = {
    name = { string, "metadata.name", default = "node" },
    role = { string, "type", doc = "master or worker." },
  },
}
