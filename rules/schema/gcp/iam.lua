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
  fields = { role = { string, tf = "role" } },
}

entity "gcp.iam.service_account_binding" {
  doc = "Who may act as a service account.",
  terraform = { "google_service_account_iam_member", "google_service_account_iam_binding", "google_service_account_iam_policy" },
  id = { "id" },
  fields = { role = { string, tf = "role" } },
}

entity "gcp.iam.service_account" {
  doc = "An identity for workloads.",
  terraform = { "google_service_account" },
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
  id = { "id", "name" },
  fields = {},
}

entity "gcp.iam.workload_identity_provider" {
  doc = "An outside issuer whose tokens a pool accepts.",
  terraform = { "google_iam_workload_identity_pool_provider" },
  id = { "id", "name" },
  fields = {
    condition = { string, tf = "attribute_condition" },
    issuer = { string, tf = "oidc.issuer_uri" },
  },
}

entity "gcp.iam.audit_config" {
  doc = "Which accesses to data are logged.",
  terraform = { "google_project_iam_audit_config", "google_folder_iam_audit_config", "google_organization_iam_audit_config" },
  id = { "id" },
  fields = { service = { string, tf = "service" } },
}

entity "gcp.project" {
  doc = "A project.",
  terraform = { "google_project" },
  id = { "project_id", "id", "number" },
  tags = "labels",
  fields = {
    auto_create_network = { bool, tf = "auto_create_network", default = true },
    folder = { string, tf = "folder_id" },
  },
}
