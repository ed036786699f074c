-- How a principal of AWS becomes another one, or an administrator: every method that has been published.
--
-- Sources: pathfinding.cloud (DataDog), Rhino Security Labs' "AWS IAM Privilege Escalation", hackingthe.cloud,
-- BishopFox/iam-vulnerable, PMapper; each method read against the Service Authorization Reference.
--
-- A method is { actions, target, … }. Its name is its actions joined by "+". An action is checked on the target unless
-- `on` gives it a place: "role" (the role that is passed), "any" (action without resources), or the template of an ARN
-- in which "?" is the caller's to choose and "@" the account.
--
-- target   user, role, group   a principal, or a group that the caller may join
--          policy      a customer-managed policy that is attached to a principal
--          passed      a role that trusts `service` and is passed to it with iam:PassRole
--          workload    something that runs with a role already, of the kind `workload`
--          boundary    the caller's own permissions boundary
--          none        nothing: administrator at once
-- gives    become (default): the caller then acts as the target;  boost: the target becomes administrator, which
--          helps the caller when it is the target, belongs to it or can become it
-- assumes  what must be the case besides; the path is then possible, not certain
-- keys     condition keys that the caller fills in
-- versions the policy must have another version that gives everything; where the versions are known, nothing is assumed

local admin_policy = "arn:aws:iam::aws:policy/AdministratorAccess"

workloads = {
  ["lambda function"] = {
    types = { "aws_lambda_function", "aws:lambda:function" },
    arn = "arn:aws:lambda:?:@:function:$function_name|FunctionName", role = "role|Role",
  },
  ["EC2 instance"] = {
    types = { "aws_instance", "aws:ec2:instance" },
    arn = "arn:aws:ec2:?:@:instance/$id|InstanceId", role = "iam_instance_profile|IamInstanceProfile.Arn",
  },
  ["launch template"] = {
    types = { "aws_launch_template", "aws:ec2:launch-template" },
    arn = "arn:aws:ec2:?:@:launch-template/$id|LaunchTemplateId",
    role = "iam_instance_profile.arn|iam_instance_profile.name|LaunchTemplateData.IamInstanceProfile.Arn",
  },
  ["ECS task"] = {
    types = { "aws_ecs_task_definition", "aws:ecs:task-definition" },
    arn = "arn:aws:ecs:?:@:task/?", role = "task_role_arn|TaskRoleArn|taskRoleArn",
  },
  ["Glue development endpoint"] = {
    types = { "aws_glue_dev_endpoint", "aws:glue:dev-endpoint" },
    arn = "arn:aws:glue:?:@:devEndpoint/$name|EndpointName", role = "role_arn|RoleArn",
  },
  ["CodeBuild project"] = {
    types = { "aws_codebuild_project", "aws:codebuild:project" },
    arn = "arn:aws:codebuild:?:@:project/$name|Name", role = "service_role|ServiceRole|serviceRole",
  },
  ["CloudFormation stack"] = {
    types = { "aws_cloudformation_stack", "aws:cloudformation:stack" },
    arn = "arn:aws:cloudformation:?:@:stack/$name|StackName/?", role = "iam_role_arn|RoleARN",
  },
  ["SageMaker notebook"] = {
    types = { "aws_sagemaker_notebook_instance", "aws:sagemaker:notebook-instance" },
    arn = "arn:aws:sagemaker:?:@:notebook-instance/$name|NotebookInstanceName", role = "role_arn|RoleArn",
  },
  ["App Runner service"] = {
    types = { "aws_apprunner_service" },
    arn = "arn:aws:apprunner:?:@:service/$service_name/?", role = "instance_configuration.instance_role_arn",
  },
  ["Bedrock code interpreter"] = {
    types = { "aws_bedrockagentcore_code_interpreter" },
    arn = "arn:aws:bedrock-agentcore:?:@:code-interpreter-custom/?", role = "execution_role_arn",
  },
  ["state machine"] = {
    types = { "aws_sfn_state_machine", "aws:states:stateMachine" },
    arn = "arn:aws:states:?:@:stateMachine:$name", role = "role_arn|roleArn",
  },
  ["data pipeline"] = { types = { "aws_datapipeline_pipeline" }, arn = "arn:aws:datapipeline:?:@:pipeline/$id", role = "" },
  ["EKS cluster"] = {
    types = { "aws_eks_node_group", "aws:eks:nodegroup" },
    arn = "arn:aws:eks:?:@:cluster/$cluster_name|ClusterName|clusterName", role = "node_role_arn|NodeRole|nodeRole",
  },
}

local instance = "arn:aws:ec2:?:@:instance/?"
local lambda = "arn:aws:lambda:?:@:function:?"
local project = "arn:aws:codebuild:?:@:project/?"
local stack = "arn:aws:cloudformation:?:@:stack/?/?"
local task = "arn:aws:ecs:?:@:task-definition/?:?"
local permission_set = "arn:aws:sso:::permissionSet/?/?"

-- Changes of what a principal may do.
methods = {
  { { "iam:CreatePolicyVersion" }, target = "policy", gives = "boost" },
  { { "iam:SetDefaultPolicyVersion" }, target = "policy", gives = "boost", versions = true,
    assumes = "an older version of the policy allows more" },
  { { "iam:AttachUserPolicy" }, target = "user", gives = "boost", keys = { ["iam:policyarn"] = admin_policy } },
  { { "iam:AttachGroupPolicy" }, target = "group", gives = "boost", keys = { ["iam:policyarn"] = admin_policy } },
  { { "iam:AttachRolePolicy" }, target = "role", gives = "boost", keys = { ["iam:policyarn"] = admin_policy } },
  { { "iam:PutUserPolicy" }, target = "user", gives = "boost" },
  { { "iam:PutGroupPolicy" }, target = "group", gives = "boost" },
  { { "iam:PutRolePolicy" }, target = "role", gives = "boost" },
  { { "iam:DeleteUserPermissionsBoundary" }, target = "boundary", kind = "user" },
  { { "iam:PutUserPermissionsBoundary" }, target = "boundary", kind = "user",
    keys = { ["iam:permissionsboundary"] = admin_policy } },
  { { "iam:DeleteRolePermissionsBoundary" }, target = "boundary", kind = "role" },
  { { "iam:PutRolePermissionsBoundary" }, target = "boundary", kind = "role",
    keys = { ["iam:permissionsboundary"] = admin_policy } },

  -- Credentials of others.
  { { "sts:AssumeRole" }, target = "role", trust = true },
  { { "iam:UpdateAssumeRolePolicy" }, target = "role" },
  { { "iam:CreateAccessKey" }, target = "user" },
  { { "iam:CreateLoginProfile" }, target = "user", login = "absent" },
  { { "iam:UpdateLoginProfile" }, target = "user", login = "present" },
  { { "iam:AddUserToGroup" }, target = "group" },

  -- A role passed to something new that runs the caller's code.
  { { "ec2:RunInstances" }, on = { instance }, target = "passed", service = "ec2.amazonaws.com" },
  { { "ec2:RequestSpotInstances" }, on = { "arn:aws:ec2:?:@:spot-instances-request/?" }, target = "passed",
    service = "ec2.amazonaws.com" },
  { { "ec2:AssociateIamInstanceProfile" }, on = { instance }, target = "passed", service = "ec2.amazonaws.com",
    assumes = "the caller has access to the instance" },
  { { "ec2:ReplaceIamInstanceProfileAssociation" }, on = { instance }, target = "passed", service = "ec2.amazonaws.com",
    assumes = "the caller has access to the instance" },
  { { "autoscaling:CreateLaunchConfiguration", "autoscaling:CreateAutoScalingGroup" },
    on = { "arn:aws:autoscaling:?:@:launchConfiguration:?:launchConfigurationName/?",
      "arn:aws:autoscaling:?:@:autoScalingGroup:?:autoScalingGroupName/?" }, target = "passed", service = "ec2.amazonaws.com" },
  { { "lambda:CreateFunction", "lambda:InvokeFunction" }, on = { lambda, lambda }, target = "passed",
    service = "lambda.amazonaws.com" },
  { { "lambda:CreateFunction", "lambda:CreateEventSourceMapping" }, on = { lambda, "arn:aws:lambda:?:@:event-source-mapping:?" },
    target = "passed", service = "lambda.amazonaws.com" },
  { { "lambda:CreateFunction", "lambda:AddPermission" }, on = { lambda, lambda }, target = "passed",
    service = "lambda.amazonaws.com" },
  { { "lambda:CreateFunction", "lambda:CreateFunctionUrlConfig" }, on = { lambda, lambda }, target = "passed",
    service = "lambda.amazonaws.com" },
  { { "glue:CreateDevEndpoint" }, on = { "arn:aws:glue:?:@:devEndpoint/?" }, target = "passed", service = "glue.amazonaws.com" },
  { { "glue:CreateJob", "glue:StartJobRun" }, on = { "arn:aws:glue:?:@:job/?", "arn:aws:glue:?:@:job/?" }, target = "passed",
    service = "glue.amazonaws.com" },
  { { "glue:CreateJob", "glue:CreateTrigger" }, on = { "arn:aws:glue:?:@:job/?", "arn:aws:glue:?:@:trigger/?" }, target = "passed",
    service = "glue.amazonaws.com" },
  { { "glue:UpdateJob", "glue:StartJobRun" }, on = { "arn:aws:glue:?:@:job/?", "arn:aws:glue:?:@:job/?" }, target = "passed",
    service = "glue.amazonaws.com", assumes = "there is a Glue job to change" },
  { { "glue:UpdateJob", "glue:CreateTrigger" }, on = { "arn:aws:glue:?:@:job/?", "arn:aws:glue:?:@:trigger/?" }, target = "passed",
    service = "glue.amazonaws.com", assumes = "there is a Glue job to change" },
  { { "glue:CreateSession", "glue:RunStatement" }, on = { "arn:aws:glue:?:@:session/?", "arn:aws:glue:?:@:session/?" },
    target = "passed", service = "glue.amazonaws.com" },
  { { "cloudformation:CreateStack" }, on = { stack }, target = "passed", service = "cloudformation.amazonaws.com" },
  { { "cloudformation:CreateStackSet", "cloudformation:CreateStackInstances" },
    on = { "arn:aws:cloudformation:?:@:stackset/?:?", "arn:aws:cloudformation:?:@:stackset/?:?" }, target = "passed",
    service = "cloudformation.amazonaws.com" },
  { { "cloudformation:UpdateStackSet" }, on = { "arn:aws:cloudformation:?:@:stackset/?:?" }, target = "passed",
    service = "cloudformation.amazonaws.com", assumes = "there is a stack set to change" },
  { { "cloudformation:UpdateStack" }, on = { stack }, target = "passed", service = "cloudformation.amazonaws.com",
    assumes = "there is a stack to change" },
  { { "codebuild:CreateProject", "codebuild:StartBuild" }, on = { project, project }, target = "passed",
    service = "codebuild.amazonaws.com" },
  { { "codebuild:CreateProject", "codebuild:StartBuildBatch" }, on = { project, project }, target = "passed",
    service = "codebuild.amazonaws.com" },
  { { "codepipeline:CreatePipeline" }, on = { "arn:aws:codepipeline:?:@:?" }, target = "passed",
    service = "codepipeline.amazonaws.com" },
  { { "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition", "datapipeline:ActivatePipeline" },
    on = { "any", "arn:aws:datapipeline:?:@:pipeline/?", "arn:aws:datapipeline:?:@:pipeline/?" }, target = "passed",
    service = "datapipeline.amazonaws.com" },
  { { "ecs:RegisterTaskDefinition", "ecs:RunTask" }, on = { task, task }, target = "passed", service = "ecs-tasks.amazonaws.com" },
  { { "ecs:RegisterTaskDefinition", "ecs:StartTask" }, on = { task, task }, target = "passed",
    service = "ecs-tasks.amazonaws.com" },
  { { "ecs:RegisterTaskDefinition", "ecs:CreateService" }, on = { task, "arn:aws:ecs:?:@:service/?/?" }, target = "passed",
    service = "ecs-tasks.amazonaws.com" },
  { { "ecs:RegisterTaskDefinition", "ecs:UpdateService" }, on = { task, "arn:aws:ecs:?:@:service/?/?" }, target = "passed",
    service = "ecs-tasks.amazonaws.com", assumes = "there is an ECS service to change" },
  { { "batch:RegisterJobDefinition", "batch:SubmitJob" },
    on = { "arn:aws:batch:?:@:job-definition/?", "arn:aws:batch:?:@:job-definition/?" }, target = "passed",
    service = "ecs-tasks.amazonaws.com", assumes = "there is a job queue" },
  { { "sagemaker:CreateNotebookInstance" }, on = { "arn:aws:sagemaker:?:@:notebook-instance/?" }, target = "passed",
    service = "sagemaker.amazonaws.com" },
  { { "sagemaker:CreateTrainingJob" }, on = { "arn:aws:sagemaker:?:@:training-job/?" }, target = "passed",
    service = "sagemaker.amazonaws.com" },
  { { "sagemaker:CreateProcessingJob" }, on = { "arn:aws:sagemaker:?:@:processing-job/?" }, target = "passed",
    service = "sagemaker.amazonaws.com" },
  { { "sagemaker:CreateHyperParameterTuningJob" }, on = { "arn:aws:sagemaker:?:@:hyper-parameter-tuning-job/?" },
    target = "passed", service = "sagemaker.amazonaws.com" },
  { { "apprunner:CreateService" }, on = { "arn:aws:apprunner:?:@:service/?/?" }, target = "passed",
    service = "tasks.apprunner.amazonaws.com" },
  { { "bedrock-agentcore:CreateCodeInterpreter", "bedrock-agentcore:StartCodeInterpreterSession",
    "bedrock-agentcore:InvokeCodeInterpreter" },
    on = { "any", "arn:aws:bedrock-agentcore:?:@:code-interpreter-custom/?", "arn:aws:bedrock-agentcore:?:@:code-interpreter-custom/?" },
    target = "passed", service = "bedrock-agentcore.amazonaws.com" },
  { { "states:CreateStateMachine", "states:StartExecution" },
    on = { "arn:aws:states:?:@:stateMachine:?", "arn:aws:states:?:@:stateMachine:?" }, target = "passed",
    service = "states.amazonaws.com" },
  { { "states:UpdateStateMachine", "states:StartExecution" },
    on = { "arn:aws:states:?:@:stateMachine:?", "arn:aws:states:?:@:stateMachine:?" }, target = "passed",
    service = "states.amazonaws.com", assumes = "there is a state machine to change" },
  { { "scheduler:CreateSchedule" }, on = { "arn:aws:scheduler:?:@:schedule/?/?" }, target = "passed",
    service = "scheduler.amazonaws.com" },
  { { "ssm:StartAutomationExecution" }, on = { "arn:aws:ssm:?:@:automation-definition/?:?" }, target = "passed",
    service = "ssm.amazonaws.com" },
  { { "elasticmapreduce:RunJobFlow" }, on = { "any" }, target = "passed", service = "ec2.amazonaws.com" },
  { { "eks:CreatePodIdentityAssociation" }, on = { "arn:aws:eks:?:@:cluster/?" }, target = "passed",
    service = "pods.eks.amazonaws.com", assumes = "the caller can run pods in the cluster" },

  -- Something that runs already.
  { { "lambda:UpdateFunctionCode" }, target = "workload", workload = "lambda function" },
  { { "lambda:UpdateFunctionConfiguration" }, target = "workload", workload = "lambda function",
    assumes = "the function is invoked with the layer that was put in" },
  { { "ssm:SendCommand" }, target = "workload", workload = "EC2 instance", assumes = "the instance runs the SSM agent" },
  { { "ssm:StartSession" }, target = "workload", workload = "EC2 instance", assumes = "the instance runs the SSM agent" },
  { { "ec2-instance-connect:SendSSHPublicKey" }, target = "workload", workload = "EC2 instance",
    assumes = "the caller reaches the instance over the network" },
  { { "ec2-instance-connect:SendSerialConsoleSSHPublicKey" }, target = "workload", workload = "EC2 instance",
    assumes = "the serial console is switched on" },
  { { "ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances" }, target = "workload",
    workload = "EC2 instance" },
  { { "ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate" }, target = "workload", workload = "launch template",
    assumes = "instances are started from the template's default version" },
  { { "ecs:ExecuteCommand" }, target = "workload", workload = "ECS task", assumes = "the task allows ECS Exec" },
  { { "glue:UpdateDevEndpoint" }, target = "workload", workload = "Glue development endpoint" },
  { { "codebuild:StartBuild" }, target = "workload", workload = "CodeBuild project" },
  { { "codebuild:StartBuildBatch" }, target = "workload", workload = "CodeBuild project" },
  { { "cloudformation:UpdateStack" }, target = "workload", workload = "CloudFormation stack" },
  { { "cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet" }, target = "workload",
    workload = "CloudFormation stack" },
  { { "sagemaker:CreatePresignedNotebookInstanceUrl" }, target = "workload", workload = "SageMaker notebook" },
  { { "sagemaker:CreateNotebookInstanceLifecycleConfig", "sagemaker:StopNotebookInstance", "sagemaker:UpdateNotebookInstance",
    "sagemaker:StartNotebookInstance" },
    on = { "arn:aws:sagemaker:?:@:notebook-instance-lifecycle-config/?", "target", "target", "target" }, target = "workload",
    workload = "SageMaker notebook" },
  { { "apprunner:UpdateService" }, target = "workload", workload = "App Runner service" },
  { { "bedrock-agentcore:StartCodeInterpreterSession", "bedrock-agentcore:InvokeCodeInterpreter" }, target = "workload",
    workload = "Bedrock code interpreter" },
  { { "states:UpdateStateMachine", "states:StartExecution" }, target = "workload", workload = "state machine" },
  { { "datapipeline:PutPipelineDefinition", "datapipeline:ActivatePipeline" }, target = "workload", workload = "data pipeline" },
  { { "eks:CreateAccessEntry", "eks:AssociateAccessPolicy" },
    on = { "target", "arn:aws:eks:?:@:access-entry/?/?/?/?/?" }, target = "workload", workload = "EKS cluster",
    assumes = "the cluster's authentication mode allows access entries" },

  -- IAM Identity Center.
  { { "sso:CreateAccountAssignment" }, on = { permission_set }, target = "none",
    assumes = "the account administers IAM Identity Center" },
  { { "sso:AttachManagedPolicyToPermissionSet", "sso:ProvisionPermissionSet" }, on = { permission_set, permission_set },
    target = "none", assumes = "the account administers IAM Identity Center, and the caller has the permission set" },
  { { "sso:PutInlinePolicyToPermissionSet", "sso:ProvisionPermissionSet" }, on = { permission_set, permission_set },
    target = "none", assumes = "the account administers IAM Identity Center, and the caller has the permission set" },
  { { "identitystore:CreateGroupMembership" }, on = { "arn:aws:identitystore:::group/?" }, target = "none",
    assumes = "the account administers IAM Identity Center, and a group there has more rights" },
}
