-- Identities and their policies.

entity "aws.iam.policy" {
  doc = "A managed policy.",
  terraform = { "aws_iam_policy" },
  live = { "aws:iam:policy" },
  id = { "name", "id", "arn", "Arn" },
  tags = "tags",
  fields = { policy = { any, tf = "policy", live = "PolicyDocument" } },
}

entity "aws.iam.inline_policy" {
  doc = "A policy that belongs to one identity.",
  terraform = { "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy" },
  live = { "aws:iam:inline-policy" },
  id = { "id" },
  fields = {},
}

entity "aws.iam.policy_document" {
  doc = "A policy written as a data source.",
  terraform = { "data.aws_iam_policy_document" },
  id = { "id" },
  fields = {},
}

entity "aws.sso.inline_policy" {
  doc = "The policy of a permission set.",
  terraform = { "aws_ssoadmin_permission_set_inline_policy" },
  id = { "id" },
  fields = {},
}

entity "aws.sso.permission_set" {
  doc = "What people get when they sign in to an account.",
  terraform = { "aws_ssoadmin_permission_set" },
  live = { "aws:sso:permissionSet" },
  id = { "id", "arn", "name" },
  tags = "tags",
  fields = { session = { string, tf = "session_duration", live = "SessionDuration", default = "PT1H" } },
}

entity "aws.iam.policy_attachment" {
  doc = "A managed policy for an identity.",
  terraform = { "aws_iam_role_policy_attachment", "aws_iam_user_policy_attachment", "aws_iam_group_policy_attachment",
    "aws_iam_policy_attachment", "aws_ssoadmin_managed_policy_attachment" },
  id = { "id" },
  fields = { policy = { string, tf = { "policy_arn", "managed_policy_arn" } } },
}

entity "aws.iam.role" {
  doc = "A role that others assume.",
  terraform = { "aws_iam_role" },
  live = { "aws:iam:role" },
  id = { "name", "id", "arn", "Arn" },
  tags = "tags",
  satellites = {
    policy = { "aws_iam_role_policy", by = "role" },
    attachment = { "aws_iam_role_policy_attachment", by = "role" },
  },
  fields = {
    name = { string, tf = { "name", "name_prefix" }, live = "RoleName" },
    trust = { any, tf = "assume_role_policy", live = "AssumeRolePolicyDocument" },
    session = { number, tf = "max_session_duration", live = "MaxSessionDuration", default = 3600 },
  },
}

entity "aws.iam.instance_profile" {
  doc = "What hands a role to machines.",
  terraform = { "aws_iam_instance_profile" },
  live = { "aws:iam:instance-profile" },
  id = { "name", "id", "arn", "Arn" },
  tags = "tags",
  fields = { role = { string, tf = "role", live = "RoleName" } },
  edges = { { "runs_as", tf = "role", live = "RoleName" } },
}

entity "aws.iam.user" {
  doc = "A user with credentials of its own.",
  terraform = { "aws_iam_user" },
  live = { "aws:iam:user" },
  id = { "name", "id", "arn", "Arn" },
  tags = "tags",
  satellites = {
    login = { "aws_iam_user_login_profile", by = "user" },
    policy = { "aws_iam_user_policy", by = "user" },
    attachment = { "aws_iam_user_policy_attachment", by = "user" },
    groups = { "aws_iam_user_group_membership", by = "user" },
  },
  fields = { name = { string, tf = "name", live = "UserName" } },
}

entity "aws.iam.login_profile" {
  doc = "A user's password for the console.",
  terraform = { "aws_iam_user_login_profile" },
  id = { "id" },
  fields = { user = { string, tf = "user" } },
}

entity "aws.iam.group" {
  doc = "Users with the same rights.",
  terraform = { "aws_iam_group" },
  live = { "aws:iam:group" },
  id = { "name", "id", "arn", "Arn" },
  satellites = { members = { "aws_iam_group_membership", by = "group" } },
  fields = { name = { string, tf = "name", live = "GroupName" } },
}

entity "aws.iam.group_membership" {
  doc = "The members of a group.",
  terraform = { "aws_iam_group_membership" },
  id = { "id" },
  fields = {},
}

entity "aws.iam.access_key" {
  doc = "A long-lived key of a user.",
  terraform = { "aws_iam_access_key" },
  live = { "aws:iam:access-key" },
  id = { "id" },
  fields = { user = { string, tf = "user", live = "UserName" }, pgp_key = { string, tf = "pgp_key" } },
}

entity "aws.iam.password_policy" {
  doc = "What passwords of users must be like.",
  terraform = { "aws_iam_account_password_policy" },
  live = { "aws:iam:password-policy" },
  id = { "id" },
  fields = {
    length = { number, tf = "minimum_password_length", live = "MinimumPasswordLength", default = 6 },
    symbols = { bool, tf = "require_symbols", live = "RequireSymbols", default = false },
    numbers = { bool, tf = "require_numbers", live = "RequireNumbers", default = false },
    upper = { bool, tf = "require_uppercase_characters", live = "RequireUppercaseCharacters", default = false },
    lower = { bool, tf = "require_lowercase_characters", live = "RequireLowercaseCharacters", default = false },
    reuse = { number, tf = "password_reuse_prevention", live = "PasswordReusePrevention", default = 0 },
    max_age = { number, tf = "max_password_age", live = "MaxPasswordAge", default = 0 },
  },
}

entity "aws.iam.account_summary" {
  doc = "Numbers about an account's identities.",
  live = { "aws:iam:account-summary" },
  fields = {
    root_keys = { number, live = "AccountAccessKeysPresent" },
    root_mfa = { number, live = "AccountMFAEnabled" },
  },
}

entity "aws.accessanalyzer.analyzer" {
  doc = "Watches for access from outside.",
  terraform = { "aws_accessanalyzer_analyzer" },
  live = { "aws:accessanalyzer:analyzer" },
  id = { "id", "arn", "analyzer_name" },
  tags = "tags",
  fields = {},
}

entity "aws.iam.credential" {
  doc = "A row of the credential report: the password and keys of the root user or of a user.",
  live = { "aws:iam:credential-report" },
  id = { "arn" },
  fields = {
    name = { string, live = "user" },
    password = { string, live = "password_enabled", doc = "true, false or not_supported." },
    password_used = { string, live = "password_last_used" },
    password_changed = { string, live = "password_last_changed" },
    mfa = { string, live = "mfa_active" },
  },
}

entity "aws.iam.mfa_device" {
  doc = "A virtual second factor.",
  terraform = { "aws_iam_virtual_mfa_device" },
  live = { "aws:iam:mfa" },
  id = { "id", "arn", "SerialNumber" },
  tags = "tags",
  fields = { serial = { string, tf = "arn", live = "SerialNumber" } },
}

entity "aws.iam.saml_provider" {
  doc = "A directory whose users may assume roles.",
  terraform = { "aws_iam_saml_provider" },
  live = { "aws:iam:saml-provider" },
  id = { "name", "id", "arn", "Arn" },
  tags = "tags",
  fields = { name = { string, tf = "name", live = "Arn" } },
}

entity "aws.iam.oidc_provider" {
  doc = "An issuer of tokens whose subjects may assume roles.",
  terraform = { "aws_iam_openid_connect_provider" },
  live = { "aws:iam:oidc-provider" },
  id = { "id", "arn", "Arn" },
  tags = "tags",
  fields = {
    url = { string, tf = "url", live = "Url" },
    clients = { list, tf = "client_id_list", live = "ClientIDList" },
  },
}

entity "aws.sso.assignment" {
  doc = "A permission set for people in an account.",
  terraform = { "aws_ssoadmin_account_assignment" },
  live = { "aws:sso:assignment" },
  id = { "id" },
  fields = {
    set = { string, tf = "permission_set_arn", live = "PermissionSetArn" },
    principal = { string, tf = "principal_id", live = "PrincipalId" },
    principal_kind = { string, tf = "principal_type", live = "PrincipalType" },
    target = { string, tf = "target_id", live = "AccountId" },
  },
  edges = { { "grants", tf = "permission_set_arn", live = "PermissionSetArn" } },
}
