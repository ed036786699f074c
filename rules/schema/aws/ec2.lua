-- EC2: instances, templates, images, volumes, addresses.

entity "aws.ec2.instance" {
  doc = "A virtual machine.",
  terraform = { "aws_instance" },
  live = { "aws:ec2:instance" },
  id = { "id", "arn", "InstanceId" },
  tags = "tags",
  fields = {
    ["metadata.tokens"] = { string, tf = "metadata_options.http_tokens", live = "MetadataOptions.HttpTokens",
      doc = "\"required\": only version 2 of the metadata service answers." },
    ["metadata.endpoint"] = { string, tf = "metadata_options.http_endpoint", live = "MetadataOptions.HttpEndpoint",
      default = "enabled" },
    ["metadata.hops"] = { number, tf = "metadata_options.http_put_response_hop_limit",
      live = "MetadataOptions.HttpPutResponseHopLimit", default = 1 },
    public_address = { bool, tf = "associate_public_ip_address", doc = "Gets a public address at launch." },
    monitoring = { bool, tf = "monitoring", live = "Monitoring.State == enabled", default = false },
    ebs_optimized = { bool, tf = "ebs_optimized", live = "EbsOptimized" },
    profile = { string, tf = "iam_instance_profile", live = "IamInstanceProfile.Arn" },
    user_data = { string, tf = "user_data" },
    user_data_base64 = { string, tf = "user_data_base64" },
    instance_type = { string, tf = "instance_type", live = "InstanceType" },
    subnet = { string, tf = "subnet_id", live = "SubnetId" },
  },
  edges = {
    { "attached_to", tf = "subnet_id", live = "SubnetId" },
    { "runs_as", tf = "iam_instance_profile", live = "IamInstanceProfile.Arn" },
  },
}

entity "aws.ec2.launch_template" {
  doc = "What instances are launched from.",
  terraform = { "aws_launch_template" },
  live = { "aws:ec2:launch-template" },
  id = { "id", "arn", "name" },
  tags = "tags",
  fields = {
    ["metadata.tokens"] = { string, tf = "metadata_options.http_tokens", live = "LaunchTemplateData.MetadataOptions.HttpTokens" },
    ["metadata.endpoint"] = { string, tf = "metadata_options.http_endpoint",
      live = "LaunchTemplateData.MetadataOptions.HttpEndpoint", default = "enabled" },
    ["metadata.hops"] = { number, tf = "metadata_options.http_put_response_hop_limit",
      live = "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", default = 1 },
    public_address = { bool, tf = "network_interfaces.associate_public_ip_address",
      live = "LaunchTemplateData.NetworkInterfaces.AssociatePublicIpAddress" },
    monitoring = { bool, tf = "monitoring.enabled", live = "LaunchTemplateData.Monitoring.Enabled", default = false },
    profile = { any, tf = "iam_instance_profile", live = "LaunchTemplateData.IamInstanceProfile" },
    user_data_base64 = { string, tf = "user_data" },
    instance_type = { string, tf = "instance_type", live = "LaunchTemplateData.InstanceType" },
  },
}

entity "aws.ec2.launch_configuration" {
  doc = "What an Auto Scaling group of the old kind launches from.",
  terraform = { "aws_launch_configuration" },
  live = { "aws:autoscaling:launchConfiguration" },
  id = { "id", "arn", "name" },
  fields = {
    ["metadata.tokens"] = { string, tf = "metadata_options.http_tokens", live = "MetadataOptions.HttpTokens" },
    ["metadata.endpoint"] = { string, tf = "metadata_options.http_endpoint", live = "MetadataOptions.HttpEndpoint",
      default = "enabled" },
    ["metadata.hops"] = { number, tf = "metadata_options.http_put_response_hop_limit",
      live = "MetadataOptions.HttpPutResponseHopLimit", default = 1 },
    public_address = { bool, tf = "associate_public_ip_address", live = "AssociatePublicIpAddress" },
    user_data = { string, tf = "user_data" },
    user_data_base64 = { string, tf = "user_data_base64" },
    instance_type = { string, tf = "instance_type", live = "InstanceType" },
  },
}

entity "aws.ec2.ami" {
  doc = "A machine image of one's own.",
  terraform = { "aws_ami", "aws_ami_copy" },
  live = { "aws:ec2:image" },
  id = { "id", "arn", "ImageId" },
  tags = "tags",
  fields = {
    encrypted = { bool, tf = "encrypted", default = false },
    key = { string, tf = "kms_key_id" },
  },
  edges = { { "encrypts", tf = "kms_key_id", reverse = true } },
}

entity "aws.ec2.ami_lookup" {
  doc = "A search for an image.",
  terraform = { "data.aws_ami" },
  id = { "id" },
  fields = {},
}

entity "aws.ec2.ami_launch_permission" {
  doc = "Who may launch an image.",
  terraform = { "aws_ami_launch_permission" },
  id = { "id" },
  fields = { group = { string, tf = "group" }, account = { string, tf = "account_id" } },
}

entity "aws.ec2.eip" {
  doc = "A public address that is kept.",
  terraform = { "aws_eip" },
  live = { "aws:ec2:elastic-ip" },
  id = { "id", "allocation_id", "AllocationId" },
  tags = "tags",
  satellites = { association = { "aws_eip_association", by = "allocation_id" } },
  fields = {
    instance = { string, tf = "instance", live = "InstanceId" },
    interface = { string, tf = "network_interface", live = "NetworkInterfaceId" },
  },
}

entity "aws.ec2.volume" {
  doc = "An EBS volume.",
  terraform = { "aws_ebs_volume" },
  live = { "aws:ec2:volume" },
  id = { "id", "arn", "VolumeId" },
  tags = "tags",
  fields = {
    encrypted = { bool, tf = "encrypted", live = "Encrypted" },
    key = { string, tf = "kms_key_id", live = "KmsKeyId" },
    volume_type = { string, tf = "type", live = "VolumeType", default = "gp2" },
  },
  edges = { { "encrypts", tf = "kms_key_id", live = "KmsKeyId", reverse = true } },
}

entity "aws.ec2.snapshot_copy" {
  doc = "A copy of a snapshot.",
  terraform = { "aws_ebs_snapshot_copy" },
  id = { "id", "arn" },
  tags = "tags",
  fields = { encrypted = { bool, tf = "encrypted", default = false }, key = { string, tf = "kms_key_id" } },
  edges = {
    { "encrypts", tf = "kms_key_id", reverse = true },
    { "backs_up", tf = "source_snapshot_id" },
  },
}

entity "aws.ec2.snapshot_permission" {
  doc = "Who may make volumes from a snapshot.",
  terraform = { "aws_snapshot_create_volume_permission" },
  id = { "id" },
  fields = { account = { string, tf = "account_id" } },
}

entity "aws.ec2.snapshot_block_public_access" {
  doc = "Whether a region refuses public snapshots.",
  terraform = { "aws_ebs_snapshot_block_public_access" },
  id = { "id" },
  fields = { state = { string, tf = "state" } },
}

entity "aws.ec2.encryption_by_default" {
  doc = "Whether new volumes of a region are encrypted.",
  terraform = { "aws_ebs_encryption_by_default" },
  live = { "aws:ec2:ebs-encryption-by-default" },
  id = { "id" },
  fields = { enabled = { bool, tf = "enabled", live = "EbsEncryptionByDefault", default = true } },
}

entity "aws.dlm.policy" {
  doc = "When snapshots are made, copied and deleted.",
  terraform = { "aws_dlm_lifecycle_policy" },
  live = { "aws:dlm:policy" },
  id = { "id", "arn" },
  tags = "tags",
  fields = {},
}

entity "aws.ec2.snapshot" {
  doc = "A snapshot of a volume.",
  terraform = { "aws_ebs_snapshot", "aws_ebs_snapshot_import" },
  live = { "aws:ec2:snapshot" },
  id = { "id", "arn", "SnapshotId" },
  tags = "tags",
  fields = {
    volume = { string, tf = "volume_id", live = "VolumeId" },
    encrypted = { bool, tf = "encrypted", live = "Encrypted" },
    key = { string, tf = "kms_key_id", live = "KmsKeyId" },
  },
  edges = { { "backs_up", tf = "volume_id", live = "VolumeId" } },
}

entity "aws.ec2.key_pair" {
  doc = "A public key for signing in to instances.",
  terraform = { "aws_key_pair" },
  live = { "aws:ec2:key-pair" },
  id = { "key_name", "id", "arn", "key_pair_id", "KeyName" },
  tags = "tags",
  fields = { name = { string, tf = { "key_name", "key_name_prefix" }, live = "KeyName" } },
}

entity "aws.ec2.volume_attachment" {
  doc = "A volume in an instance.",
  terraform = { "aws_volume_attachment" },
  id = { "id" },
  fields = { volume = { string, tf = "volume_id" }, instance = { string, tf = "instance_id" } },
  edges = { { "mounts", tf = "volume_id" }, { "attached_to", tf = "instance_id" } },
}
