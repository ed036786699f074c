-- Cloud Functions, Artifact Registry and Container Registry.

entity "gcp.function" {
  doc = "A function of the first or second generation.",
  terraform = { "google_cloudfunctions_function", "google_cloudfunctions2_function" },
  live = { "gcp:cloudfunctions:cloudfunction", "gcp:cloudfunctions:function" },
  id = { "name", "id" },
  tags = "labels",
  fields = {
    name = { string, tf = "name", live = "name" },
    ingress = { string, tf = "ingress_settings", google_cloudfunctions2_function = "service_config.ingress_settings",
      live = "ingressSettings", ["gcp:cloudfunctions:function"] = "serviceConfig.ingressSettings", default = "ALLOW_ALL" },
    http = { bool, tf = "trigger_http", live = "httpsTrigger ?", default = false,
      doc = "A function of the first generation is called over HTTP." },
    security_level = { string, tf = "https_trigger_security_level", live = "httpsTrigger.securityLevel", default = "SECURE_OPTIONAL" },
    runtime = { string, tf = "runtime", google_cloudfunctions2_function = "build_config.runtime", live = "runtime",
      ["gcp:cloudfunctions:function"] = "buildConfig.runtime" },
    variables = { map, tf = "environment_variables", google_cloudfunctions2_function = "service_config.environment_variables",
      live = "environmentVariables", ["gcp:cloudfunctions:function"] = "serviceConfig.environmentVariables" },
    account = { string, tf = "service_account_email", google_cloudfunctions2_function = "service_config.service_account_email",
      live = "serviceAccountEmail", ["gcp:cloudfunctions:function"] = "serviceConfig.serviceAccountEmail" },
  },
  edges = {
    { "runs_as", tf = { "service_account_email", "service_config.service_account_email" },
      live = { "serviceAccountEmail", "serviceConfig.serviceAccountEmail" } },
    { "encrypts", tf = "kms_key_name", live = "kmsKeyName", reverse = true },
  },
}

entity "gcp.function.binding" {
  doc = "Who has a role on a function.",
  terraform = { "google_cloudfunctions_function_iam_member", "google_cloudfunctions_function_iam_binding",
    "google_cloudfunctions_function_iam_policy", "google_cloudfunctions2_function_iam_member",
    "google_cloudfunctions2_function_iam_binding", "google_cloudfunctions2_function_iam_policy" },
  id = { "id" },
  fields = { role = { string, tf = "role", live = "role" } },
  edges = { { "binds", tf = { "member", "members" }, live = { "member", "members" } }, { "grants", tf = "cloud_function", live = "cloud_function" } },
}

entity "gcp.registry.repository" {
  doc = "A repository of Artifact Registry.",
  terraform = { "google_artifact_registry_repository" },
  live = { "gcp:artifactregistry:repository" },
  id = { "id", "name", "repository_id" },
  tags = "labels",
  fields = {
    name = { string, tf = "repository_id", live = "name" },
    format = { string, tf = "format", live = "format" },
    mode = { string, tf = "mode", live = "mode", default = "STANDARD_REPOSITORY" },
    immutable = { bool, tf = "docker_config.immutable_tags", live = "dockerConfig.immutableTags", default = false },
    ["encryption.key"] = { string, tf = "kms_key_name", live = "kmsKeyName" },
    scanning = { string, tf = "vulnerability_scanning_config.enablement_config", live = "vulnerabilityScanningConfig.enablementConfig" },
    scanning_state = { string, live = "vulnerabilityScanningConfig.enablementState" },
  },
  edges = { { "encrypts", tf = "kms_key_name", live = "kmsKeyName", reverse = true } },
}

entity "gcp.registry.binding" {
  doc = "Who has a role on a repository.",
  terraform = { "google_artifact_registry_repository_iam_member", "google_artifact_registry_repository_iam_binding",
    "google_artifact_registry_repository_iam_policy" },
  id = { "id" },
  fields = { role = { string, tf = "role", live = "role" } },
  edges = { { "binds", tf = { "member", "members" }, live = { "member", "members" } }, { "grants", tf = "repository", live = "repository" } },
}

entity "gcp.registry.legacy" {
  doc = "Container Registry: a bucket with images.",
  terraform = { "google_container_registry" },
  id = { "id", "bucket_self_link" },
  fields = { location = { string, tf = "location" } },
}
