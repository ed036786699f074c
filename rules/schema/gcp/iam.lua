-- Identities, who has which role where, and the hierarchy of projects.

entity "gcp.iam.policy_document" {
  doc = "A policy written as a data source.",
  terraform = { "data.google_iam_policy" },
  id = { "policy_data", "id" },
  fields = {},
}

entity "gcp.iam.binding" {
  doc = "Who has a role on a project, folder or organisation.",
  terraform = { "google_project_iam_member", "google_project_iam_binding", "google_project_iam_policy",
    "google_folder_iam_member", "google_folder_iam_binding", "google_folder_iam_policy",
    "google_organization_iam_member", "google_organization_iam_binding", "google_organization_iam_policy" },
  id = { "id" },
  fields = { role = { string, tf = "role", live = "role" } },
  edges = {
    { "binds", tf = { "member", "members" }, live = { "member", "members" } },
    { "grants", tf = { "project", "folder", "org_id" }, live = { "project", "folder", "org_id" } },
  },
}

entity "gcp.iam.service_account_binding" {
  doc = "Who may act as a service account.",
  terraform = { "google_service_account_iam_member", "google_service_account_iam_binding", "google_service_account_iam_policy" },
  id = { "id" },
  fields = { role = { string, tf = "role", live = "role" } },
  edges = {
    { "binds", tf = { "member", "members" }, live = { "member", "members" } },
    { "grants", tf = "service_account_id", live = "service_account_id" },
  },
}

entity "gcp.iam.service_account" {
  doc = "An identity for workloads.",
  terraform = { "google_service_account" },
  live = { "gcp:iam:serviceaccount" },
  id = { "email", "name", "id", "member", "account_id", "unique_id" },
  fields = {},
}

entity "gcp.iam.default_service_account" {
  doc = "The service account that a project's machines or applications get when none is named.",
  terraform = { "data.google_compute_default_service_account", "data.google_app_engine_default_service_account" },
  id = { "email", "name", "id", "member" },
  fields = {},
}

entity "gcp.iam.service_account_key" {
  doc = "A long-lived key of a service account.",
  terraform = { "google_service_account_key" },
  live = { "gcp:iam:serviceaccountkey" },
  id = { "id", "name" },
  fields = { managed_by = { string, live = "keyType", default = "USER_MANAGED" } },
  edges = { { "attached_to", tf = "service_account_id" } },
}

entity "gcp.iam.workload_identity_provider" {
  doc = "An outside issuer whose tokens a pool accepts.",
  terraform = { "google_iam_workload_identity_pool_provider" },
  live = { "gcp:iam:workloadidentitypoolprovider" },
  id = { "id", "name" },
  fields = {
    name = { string, tf = "workload_identity_pool_provider_id", live = "name" },
    condition = { string, tf = "attribute_condition", live = "attributeCondition" },
    issuer = { string, tf = "oidc.issuer_uri", live = "oidc.issuerUri" },
    mapping = { map, tf = "attribute_mapping", live = "attributeMapping" },
  },
}

entity "gcp.iam.audit_config" {
  doc = "Which accesses to data are logged.",
  terraform = { "google_project_iam_audit_config", "google_folder_iam_audit_config", "google_organization_iam_audit_config" },
  id = { "id" },
  fields = {
    service = { string, tf = "service", live = "service" },
    logs = { list, tf = "audit_log_config", live = "audit_log_config" },
  },
}

entity "gcp.project" {
  doc = "A project.",
  terraform = { "google_project" },
  live = { "gcp:cloudresourcemanager:project" },
  id = { "project_id", "id", "number", "name", "projectId" },
  tags = "labels",
  satellites = { audit = { "google_project_iam_audit_config", by = "project" } },
  fields = {
    name = { string, tf = "project_id", live = "projectId" },
    auto_create_network = { bool, tf = "auto_create_network", default = true },
    folder = { string, tf = "folder_id" },
    organization = { string, tf = "org_id" },
    billing = { string, tf = "billing_account" },
  },
  edges = { { "contains", tf = "folder_id", reverse = true } },
}

entity "gcp.folder" {
  doc = "A folder of an organisation.",
  terraform = { "google_folder" },
  live = { "gcp:cloudresourcemanager:folder" },
  id = { "id", "name", "folder_id" },
  fields = {
    name = { string, tf = "display_name", live = "displayName" },
    parent = { string, tf = "parent", live = "parent" },
  },
  edges = { { "contains", tf = "parent", reverse = true } },
}

entity "gcp.organization" {
  doc = "An organisation.",
  terraform = { "data.google_organization" },
  live = { "gcp:cloudresourcemanager:organization" },
  id = { "org_id", "id", "name" },
  fields = {},
}

entity "gcp.identity.group" {
  doc = "A Google group.",
  terraform = { "google_cloud_identity_group" },
  live = { "gcp:cloudidentity:group" },
  id = { "id", "name" },
  fields = { email = { string, tf = "group_key.id", live = "groupKey.id" } },
}

entity "gcp.identity.membership" {
  doc = "Somebody is in a Google group.",
  terraform = { "google_cloud_identity_group_membership" },
  live = { "gcp:cloudidentity:membership" },
  id = { "id", "name" },
  fields = { member = { string, tf = { "preferred_member_key.id", "member_key.id" }, live = "preferredMemberKey.id" } },
  edges = { { "attached_to", tf = "group" } },
}

entity "gcp.org_policy" {
  doc = "A constraint that an organisation, a folder or a project is under.",
  terraform = { "google_org_policy_policy", "google_organization_policy", "google_folder_organization_policy",
    "google_project_organization_policy" },
  live = { "gcp:orgpolicy:policy" },
  id = { "id", "name" },
  fields = {
    constraint = { string, tf = { "constraint", "name" }, live = "name" },
    parent = { string, tf = { "parent", "org_id", "folder", "project" } },
    rules = { list, tf = "spec.rules", live = "spec.rules" },
  },
  edges = { { "binds", tf = { "parent", "folder", "project" } } },
}
