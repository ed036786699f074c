-- Google Kubernetes Engine: clusters, node pools, backups, admission of images.

entity "gcp.container.cluster" {
  doc = "A Kubernetes cluster.",
  terraform = { "google_container_cluster" },
  live = { "gcp:container:cluster" },
  id = { "name", "id", "self_link", "selfLink" },
  tags = "resource_labels",
  fields = {
    name = { string, tf = "name", live = "name" },
    location = { string, tf = { "location", "zone", "region" }, live = "location" },
    autopilot = { bool, tf = "enable_autopilot", live = "autopilot.enabled", default = false },
    labels = { map, tf = { "effective_labels", "resource_labels" }, live = "resourceLabels" },
    ["authorized.block"] = { any, tf = "master_authorized_networks_config", live = "masterAuthorizedNetworksConfig" },
    ["authorized.blocks"] = { list, tf = "master_authorized_networks_config.cidr_blocks",
      live = "masterAuthorizedNetworksConfig.cidrBlocks" },
    ["private.nodes"] = { bool, tf = { "private_cluster_config.enable_private_nodes" },
      live = { "privateClusterConfig.enablePrivateNodes", "networkConfig.defaultEnablePrivateNodes" }, default = false },
    ["private.endpoint"] = { bool, tf = "private_cluster_config.enable_private_endpoint",
      live = "privateClusterConfig.enablePrivateEndpoint", default = false },
    ip_endpoints = { bool, tf = "control_plane_endpoints_config.ip_endpoints_config.enabled",
      live = "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled", default = true,
      doc = "The control plane can be reached by address, not only by its name." },
    legacy_abac = { bool, tf = "enable_legacy_abac", live = "legacyAbac.enabled", default = false },
    ["client.certificate"] = { bool, tf = "master_auth.client_certificate_config.issue_client_certificate",
      live = "masterAuth.clientCertificateConfig.issueClientCertificate", default = false },
    ["client.user"] = { string, tf = "master_auth.username", live = "masterAuth.username" },
    ["policy.enabled"] = { bool, tf = "network_policy.enabled", live = "networkPolicy.enabled", default = false },
    datapath = { string, tf = "datapath_provider", live = "networkConfig.datapathProvider", default = "LEGACY_DATAPATH" },
    intranode = { bool, tf = "enable_intranode_visibility", live = "networkConfig.enableIntraNodeVisibility", default = false },
    ["ip.policy"] = { any, tf = "ip_allocation_policy", live = "ipAllocationPolicy" },
    ["ip.mode"] = { string, tf = "networking_mode" },
    ["workload.pool"] = { string, tf = "workload_identity_config.workload_pool", live = "workloadIdentityConfig.workloadPool" },
    shielded_nodes = { bool, tf = "enable_shielded_nodes", live = "shieldedNodes.enabled", default = true },
    channel = { string, tf = "release_channel.channel", live = "releaseChannel.channel" },
    alpha = { bool, tf = "enable_kubernetes_alpha", live = "enableKubernetesAlpha", default = false },
    ["logging.service"] = { string, tf = "logging_service", live = "loggingService", default = "logging.googleapis.com/kubernetes" },
    ["logging.components"] = { list, tf = "logging_config.enable_components", live = "loggingConfig.componentConfig.enableComponents" },
    ["monitoring.service"] = { string, tf = "monitoring_service", live = "monitoringService",
      default = "monitoring.googleapis.com/kubernetes" },
    ["monitoring.components"] = { list, tf = "monitoring_config.enable_components",
      live = "monitoringConfig.componentConfig.enableComponents" },
    ["admission.mode"] = { any, tf = "binary_authorization.evaluation_mode", live = "binaryAuthorization.evaluationMode" },
    ["admission.enabled"] = { bool, tf = { "binary_authorization.enabled", "enable_binary_authorization" },
      live = "binaryAuthorization.enabled", default = false },
    ["secrets.state"] = { string, tf = "database_encryption.state", live = "databaseEncryption.state", default = "DECRYPTED" },
    ["secrets.key"] = { string, tf = "database_encryption.key_name", live = "databaseEncryption.keyName" },
    ["groups.domain"] = { string, tf = "authenticator_groups_config.security_group", live = "authenticatorGroupsConfig.securityGroup" },
    default_pool_removed = { bool, tf = "remove_default_node_pool", default = false },
    deletion_protection = { bool, tf = "deletion_protection", default = true, doc = "Terraform refuses to destroy it." },
    network = { string, tf = "network", live = "network" },
  },
  edges = {
    { "encrypts", tf = "database_encryption.key_name", live = "databaseEncryption.keyName", reverse = true },
    { "attached_to", tf = "subnetwork", live = "subnetwork" },
    { "attached_to", tf = "network", live = "network" },
    { "runs_as", tf = "node_config.service_account", live = "nodeConfig.serviceAccount" },
  },
}

entity "gcp.container.node_pool" {
  doc = "A pool of nodes of a cluster.",
  terraform = { "google_container_node_pool" },
  live = { "gcp:container:nodepool" },
  id = { "name", "id", "selfLink" },
  fields = {
    name = { string, tf = "name", live = "name" },
    repair = { bool, tf = "management.auto_repair", live = "management.autoRepair", default = true },
    upgrade = { bool, tf = "management.auto_upgrade", live = "management.autoUpgrade", default = true },
  },
  edges = {
    { "attached_to", tf = "cluster" },
    { "runs_as", tf = "node_config.service_account", live = "config.serviceAccount" },
    { "encrypts", tf = "node_config.boot_disk_kms_key", live = "config.bootDiskKmsKey", reverse = true },
  },
}

entity "gcp.container.default_accounts" {
  doc = "What Terraform does with the default service accounts of a project.",
  terraform = { "google_project_default_service_accounts" },
  id = { "id" },
  fields = { action = { string, tf = "action" } },
}

entity "gcp.container.backup_plan" {
  doc = "A plan of backups of a cluster.",
  terraform = { "google_gke_backup_backup_plan" },
  live = { "gcp:gkebackup:backupplan" },
  id = { "name", "id" },
  tags = "labels",
  fields = { cluster = { string, tf = "cluster", live = "cluster" } },
  edges = { { "backs_up", tf = "cluster", live = "cluster" } },
}

entity "gcp.container.admission_policy" {
  doc = "Which images a project's clusters admit.",
  terraform = { "google_binary_authorization_policy" },
  live = { "gcp:binaryauthorization:policy" },
  id = { "id" },
  fields = {
    mode = { string, tf = "default_admission_rule.evaluation_mode", live = "defaultAdmissionRule.evaluationMode" },
    enforcement = { string, tf = "default_admission_rule.enforcement_mode", live = "defaultAdmissionRule.enforcementMode" },
  },
}
