-- Lambda: functions, their addresses and who may call them.

entity "aws.lambda.function" {
  doc = "A function.",
  terraform = { "aws_lambda_function" },
  live = { "aws:lambda:function" },
  id = { "function_name", "id", "arn", "FunctionName" },
  tags = "tags",
  satellites = {
    destination = { "aws_lambda_function_event_invoke_config", by = "function_name" },
  },
  fields = {
    name = { string, tf = "function_name", live = "FunctionName" },
    runtime = { string, tf = "runtime", live = "Runtime" },
    package = { string, tf = "package_type", live = "PackageType", default = "Zip" },
    variables = { any, tf = "environment.variables", live = "Environment.Variables" },
    key = { string, tf = "kms_key_arn", live = "KMSKeyArn" },
    tracing = { string, tf = "tracing_config.mode", live = "TracingConfig.Mode", default = "PassThrough" },
    signing = { string, tf = "code_signing_config_arn", live = "CodeSigningConfigArn" },
    subnets = { list, tf = "vpc_config.subnet_ids", live = "VpcConfig.SubnetIds" },
    dead_letters = { string, tf = "dead_letter_config.target_arn", live = "DeadLetterConfig.TargetArn" },
    concurrency = { number, tf = "reserved_concurrent_executions", live = "ReservedConcurrentExecutions", default = -1 },
  },
  edges = {
    { "encrypts", tf = "kms_key_arn", live = "KMSKeyArn", reverse = true },
    { "runs_as", tf = "role", live = "Role" },
  },
}

entity "aws.lambda.permission" {
  doc = "Who may call a function.",
  terraform = { "aws_lambda_permission" },
  id = { "id" },
  fields = {
    principal = { string, tf = "principal" },
    action = { string, tf = "action" },
  },
}

entity "aws.lambda.url" {
  doc = "An address of a function on the internet.",
  terraform = { "aws_lambda_function_url" },
  live = { "aws:lambda:function-url" },
  id = { "id", "function_arn" },
  fields = {
    authorization = { string, tf = "authorization_type", live = "AuthType" },
    ["cors.origins"] = { list, tf = "cors.allow_origins", live = "Cors.AllowOrigins" },
    ["cors.methods"] = { list, tf = "cors.allow_methods", live = "Cors.AllowMethods" },
    ["cors.credentials"] = { bool, tf = "cors.allow_credentials", live = "Cors.AllowCredentials", default = false },
  },
  edges = { { "exposes", tf = "function_name", live = "FunctionArn" } },
}

entity "aws.lambda.code_signing" {
  doc = "Whose signatures functions must carry.",
  terraform = { "aws_lambda_code_signing_config" },
  live = { "aws:lambda:code-signing-config" },
  id = { "id", "arn" },
  fields = {
    policy = { string, tf = "policies.untrusted_artifact_on_deployment",
      live = "CodeSigningPolicies.UntrustedArtifactOnDeployment", default = "Warn" },
  },
}

entity "aws.signer.profile" {
  doc = "Whose signature code carries.",
  terraform = { "aws_signer_signing_profile" },
  live = { "aws:signer:signing-profile" },
  id = { "name", "id", "arn", "version_arn" },
  tags = "tags",
  fields = { name = { string, tf = { "name", "name_prefix" }, live = "profileName" } },
}

entity "aws.ecs.task_definition" {
  doc = "Containers that run together.",
  terraform = { "aws_ecs_task_definition" },
  live = { "aws:ecs:task-definition" },
  id = { "family", "id", "arn", "taskDefinitionArn" },
  tags = "tags",
  fields = {
    name = { string, tf = "family", live = "family" },
    volumes = { list, tf = "volume", live = "volumes" },
    role = { string, tf = "task_role_arn", live = "taskRoleArn" },
  },
  edges = {
    { "runs_as", tf = "task_role_arn", live = "taskRoleArn" },
    { "mounts", tf = "volume[].efs_volume_configuration.file_system_id", live = "volumes[].efsVolumeConfiguration.fileSystemId" },
  },
}

entity "aws.ecs.service" {
  doc = "Tasks of a definition that are kept running.",
  terraform = { "aws_ecs_service" },
  live = { "aws:ecs:service" },
  id = { "id", "name", "arn" },
  tags = "tags",
  fields = {
    public_address = { bool, tf = "network_configuration.assign_public_ip",
      live = "networkConfiguration.awsvpcConfiguration.assignPublicIp == ENABLED", default = false },
  },
  edges = { { "references", tf = "task_definition", live = "taskDefinition" } },
}
