# One user for each published method, which has the actions of that method and no other.

locals {
  methods = toset([
    "apprunner:UpdateService",
    "bedrock-agentcore:StartCodeInterpreterSession+bedrock-agentcore:InvokeCodeInterpreter",
    "cloudformation:CreateChangeSet+cloudformation:ExecuteChangeSet",
    "cloudformation:UpdateStack",
    "codebuild:StartBuild",
    "codebuild:StartBuildBatch",
    "datapipeline:PutPipelineDefinition+datapipeline:ActivatePipeline",
    "ec2-instance-connect:SendSSHPublicKey",
    "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
    "ec2:CreateLaunchTemplateVersion+ec2:ModifyLaunchTemplate",
    "ec2:ModifyInstanceAttribute+ec2:StopInstances+ec2:StartInstances",
    "ecs:ExecuteCommand",
    "eks:CreateAccessEntry+eks:AssociateAccessPolicy",
    "glue:UpdateDevEndpoint",
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreatePolicyVersion",
    "iam:PassRole+apprunner:CreateService",
    "iam:PassRole+autoscaling:CreateLaunchConfiguration+autoscaling:CreateAutoScalingGroup",
    "iam:PassRole+batch:RegisterJobDefinition+batch:SubmitJob",
    "iam:PassRole+bedrock-agentcore:CreateCodeInterpreter+bedrock-agentcore:StartCodeInterpreterSession+bedrock-agentcore:InvokeCodeInterpreter",
    "iam:PassRole+cloudformation:CreateStack",
    "iam:PassRole+cloudformation:CreateStackSet+cloudformation:CreateStackInstances",
    "iam:PassRole+cloudformation:UpdateStack",
    "iam:PassRole+cloudformation:UpdateStackSet",
    "iam:PassRole+codebuild:CreateProject+codebuild:StartBuild",
    "iam:PassRole+codebuild:CreateProject+codebuild:StartBuildBatch",
    "iam:PassRole+codepipeline:CreatePipeline",
    "iam:PassRole+datapipeline:CreatePipeline+datapipeline:PutPipelineDefinition+datapipeline:ActivatePipeline",
    "iam:PassRole+ec2:AssociateIamInstanceProfile",
    "iam:PassRole+ec2:ReplaceIamInstanceProfileAssociation",
    "iam:PassRole+ec2:RequestSpotInstances",
    "iam:PassRole+ec2:RunInstances",
    "iam:PassRole+ecs:RegisterTaskDefinition+ecs:CreateService",
    "iam:PassRole+ecs:RegisterTaskDefinition+ecs:RunTask",
    "iam:PassRole+ecs:RegisterTaskDefinition+ecs:StartTask",
    "iam:PassRole+ecs:RegisterTaskDefinition+ecs:UpdateService",
    "iam:PassRole+eks:CreatePodIdentityAssociation",
    "iam:PassRole+elasticmapreduce:RunJobFlow",
    "iam:PassRole+glue:CreateDevEndpoint",
    "iam:PassRole+glue:CreateJob+glue:CreateTrigger",
    "iam:PassRole+glue:CreateJob+glue:StartJobRun",
    "iam:PassRole+glue:CreateSession+glue:RunStatement",
    "iam:PassRole+glue:UpdateJob+glue:CreateTrigger",
    "iam:PassRole+glue:UpdateJob+glue:StartJobRun",
    "iam:PassRole+lambda:CreateFunction+lambda:AddPermission",
    "iam:PassRole+lambda:CreateFunction+lambda:CreateEventSourceMapping",
    "iam:PassRole+lambda:CreateFunction+lambda:CreateFunctionUrlConfig",
    "iam:PassRole+lambda:CreateFunction+lambda:InvokeFunction",
    "iam:PassRole+sagemaker:CreateHyperParameterTuningJob",
    "iam:PassRole+sagemaker:CreateNotebookInstance",
    "iam:PassRole+sagemaker:CreateProcessingJob",
    "iam:PassRole+sagemaker:CreateTrainingJob",
    "iam:PassRole+scheduler:CreateSchedule",
    "iam:PassRole+ssm:StartAutomationExecution",
    "iam:PassRole+states:CreateStateMachine+states:StartExecution",
    "iam:PassRole+states:UpdateStateMachine+states:StartExecution",
    "iam:PutGroupPolicy",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateLoginProfile",
    "identitystore:CreateGroupMembership",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "sagemaker:CreateNotebookInstanceLifecycleConfig+sagemaker:StopNotebookInstance+sagemaker:UpdateNotebookInstance+sagemaker:StartNotebookInstance",
    "sagemaker:CreatePresignedNotebookInstanceUrl",
    "ssm:SendCommand",
    "ssm:StartSession",
    "sso:AttachManagedPolicyToPermissionSet+sso:ProvisionPermissionSet",
    "sso:CreateAccountAssignment",
    "sso:PutInlinePolicyToPermissionSet+sso:ProvisionPermissionSet",
    "states:UpdateStateMachine+states:StartExecution",
    "sts:AssumeRole",
  ])
}

resource "aws_iam_user" "fire" {
  for_each = local.methods
  name     = "u${index(sort(local.methods), each.key)}"
}

resource "aws_iam_policy" "fire" {
  for_each = local.methods
  name     = "p${index(sort(local.methods), each.key)}"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = split("+", each.key), Resource = "*" }]
  })
}

resource "aws_iam_user_policy_attachment" "fire" {
  for_each   = local.methods
  user       = aws_iam_user.fire[each.key].name
  policy_arn = aws_iam_policy.fire[each.key].arn
}

# Those that change groups belong to one.
resource "aws_iam_group" "staff" {
  name = "staff"
}

resource "aws_iam_user_group_membership" "staff" {
  for_each = toset(["iam:AttachGroupPolicy", "iam:PutGroupPolicy"])
  user     = aws_iam_user.fire[each.key].name
  groups   = [aws_iam_group.staff.name]
}

# What they are after.
resource "aws_iam_user" "admin" {
  name = "admin"
}

resource "aws_iam_user_policy_attachment" "admin" {
  user       = aws_iam_user.admin.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_group" "admins" {
  name = "admins"
}

resource "aws_iam_group_policy_attachment" "admins" {
  group      = aws_iam_group.admins.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_role" "admin" {
  name = "admin"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "sts:AssumeRole"
      Principal = {
        AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"
        Service = [
          "bedrock-agentcore.amazonaws.com",
          "cloudformation.amazonaws.com",
          "codebuild.amazonaws.com",
          "codepipeline.amazonaws.com",
          "datapipeline.amazonaws.com",
          "ec2.amazonaws.com",
          "ecs-tasks.amazonaws.com",
          "glue.amazonaws.com",
          "lambda.amazonaws.com",
          "pods.eks.amazonaws.com",
          "sagemaker.amazonaws.com",
          "scheduler.amazonaws.com",
          "ssm.amazonaws.com",
          "states.amazonaws.com",
          "tasks.apprunner.amazonaws.com",
        ]
      }
    }]
  })
}

data "aws_caller_identity" "current" {}

resource "aws_iam_role_policy_attachment" "admin" {
  role       = aws_iam_role.admin.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_instance_profile" "admin" {
  name = "admin"
  role = aws_iam_role.admin.name
}

# What runs with the role already.
resource "aws_lambda_function" "job" {
  function_name = "job"
  role          = aws_iam_role.admin.arn
}

resource "aws_instance" "host" {
  ami                  = "ami-1"
  instance_type        = "t3.micro"
  iam_instance_profile = aws_iam_instance_profile.admin.name
}

resource "aws_launch_template" "hosts" {
  name = "hosts"
  iam_instance_profile {
    arn = aws_iam_instance_profile.admin.arn
  }
}

resource "aws_ecs_task_definition" "task" {
  family                = "task"
  container_definitions = "[]"
  task_role_arn         = aws_iam_role.admin.arn
}

resource "aws_glue_dev_endpoint" "dev" {
  name     = "dev"
  role_arn = aws_iam_role.admin.arn
}

resource "aws_codebuild_project" "build" {
  name         = "build"
  service_role = aws_iam_role.admin.arn
}

resource "aws_cloudformation_stack" "stack" {
  name         = "stack"
  iam_role_arn = aws_iam_role.admin.arn
}

resource "aws_sagemaker_notebook_instance" "book" {
  name          = "book"
  instance_type = "ml.t3.medium"
  role_arn      = aws_iam_role.admin.arn
}

resource "aws_apprunner_service" "web" {
  service_name = "web"
  instance_configuration {
    instance_role_arn = aws_iam_role.admin.arn
  }
}

resource "aws_bedrockagentcore_code_interpreter" "interpreter" {
  name               = "interpreter"
  execution_role_arn = aws_iam_role.admin.arn
}

resource "aws_sfn_state_machine" "flow" {
  name       = "flow"
  role_arn   = aws_iam_role.admin.arn
  definition = "{}"
}

resource "aws_eks_node_group" "nodes" {
  cluster_name  = "cluster"
  node_role_arn = aws_iam_role.admin.arn
  subnet_ids    = ["subnet-1"]
}
