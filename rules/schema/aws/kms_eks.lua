-- Keys, and managed Kubernetes.

entity "aws.kms.key" {
  doc = "A key of one's own.",
  terraform = { "aws_kms_key" },
  live = { "aws:kms:key" },
  id = { "id", "arn", "key_id", "KeyId" },
  tags = "tags",
  satellites = { policy = { "aws_kms_key_policy", by = "key_id" } },
  fields = {
    policy = { any, tf = { "@policy.policy", "policy" }, live = "Policy" },
    rotation = { bool, tf = "enable_key_rotation", live = "KeyRotationEnabled", default = false },
    usage = { string, tf = { "key_usage" }, live = "KeyUsage", default = "ENCRYPT_DECRYPT" },
    spec = { string, tf = { "customer_master_key_spec", "key_spec" }, live = "KeySpec", default = "SYMMETRIC_DEFAULT" },
    enabled = { bool, tf = "is_enabled", live = "KeyState == Enabled", default = true },
    state = { string, live = "KeyState" },
    deletion_days = { number, tf = "deletion_window_in_days", default = 30 },
  },
}

entity "aws.kms.key_policy" {
  doc = "The policy of a key, as a resource of its own.",
  terraform = { "aws_kms_key_policy" },
  id = { "id" },
  fields = {},
}

entity "aws.eks.cluster" {
  doc = "A managed Kubernetes cluster.",
  terraform = { "aws_eks_cluster" },
  live = { "aws:eks:cluster" },
  id = { "name", "id", "arn" },
  tags = "tags",
  satellites = {
    node_group = { "aws_eks_node_group", by = "cluster_name" },
    addon = { "aws_eks_addon", by = "cluster_name" },
    identity = { "aws_eks_pod_identity_association", by = "cluster_name" },
  },
  fields = {
    name = { string, tf = "name", live = "name" },
    public = { bool, tf = "vpc_config.endpoint_public_access", live = "resourcesVpcConfig.endpointPublicAccess", default = true },
    private = { bool, tf = "vpc_config.endpoint_private_access", live = "resourcesVpcConfig.endpointPrivateAccess",
      default = false },
    public_cidrs = { list, tf = "vpc_config.public_access_cidrs", live = "resourcesVpcConfig.publicAccessCidrs" },
    logs = { list, tf = "enabled_cluster_log_types" },
    version = { string, tf = "version", live = "version" },
    encryption = { any, tf = "encryption_config", live = "encryptionConfig" },
    authentication = { string, tf = "access_config.authentication_mode", live = "accessConfig.authenticationMode" },
    creator_admin = { bool, tf = "access_config.bootstrap_cluster_creator_admin_permissions",
      live = "accessConfig.bootstrapClusterCreatorAdminPermissions", default = true },
  },
  edges = {
    { "encrypts", tf = "encryption_config.provider.key_arn", live = "encryptionConfig.provider.keyArn", reverse = true },
    { "runs_as", tf = "role_arn", live = "roleArn" },
  },
}

entity "aws.eks.node_group" {
  doc = "Nodes of a cluster.",
  terraform = { "aws_eks_node_group" },
  live = { "aws:eks:nodegroup" },
  id = { "node_group_name", "id", "arn" },
  tags = "tags",
  fields = {
    name = { string, tf = "node_group_name", live = "nodegroupName" },
    version = { string, tf = "version", live = "version" },
    ssh_key = { string, tf = "remote_access.ec2_ssh_key", live = "remoteAccess.ec2SshKey" },
    ssh_sources = { list, tf = "remote_access.source_security_group_ids", live = "remoteAccess.sourceSecurityGroups" },
  },
  edges = {
    { "attached_to", tf = "cluster_name", live = "clusterName" },
    { "runs_as", tf = "node_role_arn", live = "nodeRole" },
  },
}

entity "aws.eks.access_policy" {
  doc = "Rights in a cluster for an IAM principal.",
  terraform = { "aws_eks_access_policy_association" },
  id = { "id" },
  fields = { policy = { string, tf = "policy_arn" }, principal = { string, tf = "principal_arn" } },
  edges = { { "binds", tf = "principal_arn" } },
}

entity "aws.kms.grant" {
  doc = "A right to use a key, without a policy.",
  terraform = { "aws_kms_grant" },
  live = { "aws:kms:grant" },
  id = { "id", "grant_id", "GrantId" },
  fields = {
    key = { string, tf = "key_id", live = "KeyId" },
    grantee = { string, tf = "grantee_principal", live = "GranteePrincipal" },
    operations = { list, tf = "operations", live = "Operations" },
  },
  edges = { { "grants", tf = "key_id", live = "KeyId" } },
}

entity "aws.kms.alias" {
  doc = "A name for a key.",
  terraform = { "aws_kms_alias" },
  live = { "aws:kms:alias" },
  id = { "name", "id", "arn", "AliasName" },
  fields = { name = { string, tf = { "name", "name_prefix" }, live = "AliasName" }, key = { string, tf = "target_key_id", live = "TargetKeyId" } },
  edges = { { "references", live = "TargetKeyId" } },
}

entity "aws.eks.access_entry" {
  doc = "An IAM principal that a cluster knows.",
  terraform = { "aws_eks_access_entry" },
  live = { "aws:eks:access-entry" },
  id = { "id", "access_entry_arn", "accessEntryArn" },
  tags = "tags",
  fields = {
    cluster = { string, tf = "cluster_name", live = "clusterName" },
    principal = { string, tf = "principal_arn", live = "principalArn" },
    groups = { list, tf = "kubernetes_groups", live = "kubernetesGroups" },
    sort = { string, tf = "type", live = "type", default = "STANDARD" },
  },
  edges = { { "binds", tf = "principal_arn", live = "principalArn" } },
}

entity "aws.eks.fargate_profile" {
  doc = "Which pods of a cluster run without nodes.",
  terraform = { "aws_eks_fargate_profile" },
  live = { "aws:eks:fargateprofile" },
  id = { "fargate_profile_name", "id", "arn", "fargateProfileArn" },
  tags = "tags",
  fields = {
    name = { string, tf = "fargate_profile_name", live = "fargateProfileName" },
    cluster = { string, tf = "cluster_name", live = "clusterName" },
    role = { string, tf = "pod_execution_role_arn", live = "podExecutionRoleArn" },
    subnets = { list, tf = "subnet_ids", live = "subnets" },
  },
  edges = { { "runs_as", tf = "pod_execution_role_arn", live = "podExecutionRoleArn" } },
}
