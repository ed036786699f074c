-- How permissions of Google Cloud lead to more permissions: every method that has been published.
--
-- Sources: Rhino Security Labs, "Privilege Escalation in Google Cloud Platform" (parts 1 and 2) and its list of methods;
-- GitLab's red team on shells in GCP; hackingthe.cloud; Praetorian on cloud functions; Google, "Service account impersonation",
-- "Roles for service account authentication", "Attach service accounts to resources"; each method read against the
-- permissions of the API.
--
-- A method is { permissions, gives = …, … }; its name is its permissions joined by "+".
--
-- on       permissions that are needed on the service account, rather than on the project
-- gives    account   the service account
--          running   service accounts that instances of the project run as
--          admin     administrator of the project, folder or organization (`level`)
--          default   the service account that builds and deployments of the project run as
--          role      whatever the custom role, which the caller has, is granted on
--          cluster   administrator of the GKE clusters of the project
--          pods      any service account of those clusters
-- assumes  what must be the case besides; the way is then possible, not certain

local act_as = { "iam.serviceAccounts.actAs" }

methods = {
  -- Who may do what, changed.
  { { "resourcemanager.projects.setIamPolicy" }, gives = "admin", level = "project" },
  { { "resourcemanager.folders.setIamPolicy" }, gives = "admin", level = "folder" },
  { { "resourcemanager.organizations.setIamPolicy" }, gives = "admin", level = "organization" },
  { { "iam.roles.update" }, gives = "role" },
  { { "iam.serviceAccounts.setIamPolicy" }, on = { "iam.serviceAccounts.setIamPolicy" }, gives = "account" },

  -- Credentials of a service account.
  { { "iam.serviceAccounts.getAccessToken" }, on = { "iam.serviceAccounts.getAccessToken" }, gives = "account" },
  { { "iam.serviceAccountKeys.create" }, on = { "iam.serviceAccountKeys.create" }, gives = "account",
    assumes = "no organization policy forbids keys" },
  { { "iam.serviceAccounts.signBlob" }, on = { "iam.serviceAccounts.signBlob" }, gives = "account" },
  { { "iam.serviceAccounts.signJwt" }, on = { "iam.serviceAccounts.signJwt" }, gives = "account" },
  { { "iam.serviceAccounts.implicitDelegation" }, on = { "iam.serviceAccounts.implicitDelegation" }, gives = "account",
    assumes = "it may get tokens of the next account" },
  { { "iam.serviceAccountApiKeyBindings.create", "apikeys.keys.create" }, on = { "iam.serviceAccountApiKeyBindings.create" },
    gives = "account", assumes = "the service that is wanted takes API keys" },

  -- Something new that runs as the account.
  { { "iam.serviceAccounts.actAs", "compute.instances.create" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "compute.instanceTemplates.create", "compute.instanceGroupManagers.create" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "compute.instances.setServiceAccount", "compute.instances.setMetadata" }, on = act_as, gives = "account",
    assumes = "there is an instance to change" },
  { { "iam.serviceAccounts.actAs", "cloudfunctions.functions.create" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "cloudfunctions.functions.update" }, on = act_as, gives = "account", assumes = "there is a function to change" },
  { { "iam.serviceAccounts.actAs", "run.services.create" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "run.services.update" }, on = act_as, gives = "account", assumes = "there is a service to change" },
  { { "iam.serviceAccounts.actAs", "run.jobs.create", "run.jobs.run" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "appengine.versions.create" }, on = act_as, gives = "account", assumes = "the project has an App Engine application" },
  { { "iam.serviceAccounts.actAs", "batch.jobs.create" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "cloudbuild.builds.create" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "cloudscheduler.jobs.create" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "composer.environments.create" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "dataflow.jobs.create" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "dataproc.clusters.create" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "datafusion.instances.create" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "deploymentmanager.deployments.create" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "aiplatform.customJobs.create" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "notebooks.instances.create" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "tpu.nodes.create" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "workflows.workflows.create", "workflows.executions.create" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "workstations.workstationConfigs.create", "workstations.workstations.use" }, on = act_as, gives = "account" },
  { { "iam.serviceAccounts.actAs", "container.clusters.create" }, on = act_as, gives = "account" },

  -- Machines that run already: an SSH key in their metadata, or OS Login.
  { { "iam.serviceAccounts.actAs", "compute.instances.setMetadata" }, on = act_as, gives = "running" },
  { { "iam.serviceAccounts.actAs", "compute.projects.setCommonInstanceMetadata" }, on = act_as, gives = "running" },
  { { "iam.serviceAccounts.actAs", "compute.instances.osLogin" }, on = act_as, gives = "running", assumes = "instances use OS Login" },
  { { "iam.serviceAccounts.actAs", "compute.instances.osAdminLogin" }, on = act_as, gives = "running", assumes = "instances use OS Login" },

  -- What Google runs for the project, without a service account being named.
  { { "deploymentmanager.deployments.create" }, gives = "default" },
  { { "deploymentmanager.deployments.update" }, gives = "default", assumes = "there is a deployment to change" },
  { { "cloudbuild.builds.create" }, gives = "default" },
  { { "dataproc.jobs.create" }, gives = "running", assumes = "there is a cluster to give the job to" },

  -- Clusters of GKE: these permissions are rights in the cluster.
  { { "container.clusterRoleBindings.create", "container.clusterRoles.bind" }, gives = "cluster" },
  { { "container.clusterRoles.update", "container.clusterRoles.escalate" }, gives = "cluster" },
  { { "container.pods.create" }, gives = "pods" },
  { { "container.deployments.create" }, gives = "pods" },
  { { "container.daemonSets.create" }, gives = "pods" },
  { { "container.jobs.create" }, gives = "pods" },
  { { "container.cronJobs.create" }, gives = "pods" },
  { { "container.serviceAccounts.createToken" }, gives = "pods" },
}

-- Resources with a policy of their own: the type in front of "_iam_member", the attribute that names them, and how Cloud
-- IAM calls their type. "projects" says that the resource belongs to a project.
resources = {
  { "google_project", "project", "cloudresourcemanager.googleapis.com/Project" },
  { "google_folder", "folder", "cloudresourcemanager.googleapis.com/Folder" },
  { "google_organization", "org_id", "cloudresourcemanager.googleapis.com/Organization" },
  { "google_billing_account", "billing_account_id", "cloudbilling.googleapis.com/BillingAccount" },
  { "google_service_account", "service_account_id", "iam.googleapis.com/ServiceAccount" },
  { "google_storage_bucket", "bucket", "storage.googleapis.com/Bucket" },
  { "google_pubsub_topic", "topic", "pubsub.googleapis.com/Topic" },
  { "google_pubsub_subscription", "subscription", "pubsub.googleapis.com/Subscription" },
  { "google_secret_manager_secret", "secret_id", "secretmanager.googleapis.com/Secret" },
  { "google_kms_crypto_key", "crypto_key_id", "cloudkms.googleapis.com/CryptoKey" },
  { "google_kms_key_ring", "key_ring_id", "cloudkms.googleapis.com/KeyRing" },
  { "google_bigquery_dataset", "dataset_id", "bigquery.googleapis.com/Dataset" },
  { "google_bigquery_table", "table_id", "bigquery.googleapis.com/Table" },
  { "google_cloud_run_service", "service", "run.googleapis.com/Service" },
  { "google_cloud_run_v2_service", "name", "run.googleapis.com/Service" },
  { "google_cloud_run_v2_job", "name", "run.googleapis.com/Job" },
  { "google_cloudfunctions_function", "cloud_function", "cloudfunctions.googleapis.com/Function" },
  { "google_cloudfunctions2_function", "cloud_function", "cloudfunctions.googleapis.com/Function" },
  { "google_compute_instance", "instance_name", "compute.googleapis.com/Instance" },
  { "google_compute_subnetwork", "subnetwork", "compute.googleapis.com/Subnetwork" },
  { "google_compute_disk", "name", "compute.googleapis.com/Disk" },
  { "google_compute_image", "image", "compute.googleapis.com/Image" },
  { "google_artifact_registry_repository", "repository", "artifactregistry.googleapis.com/Repository" },
  { "google_sourcerepo_repository", "repository", "source.googleapis.com/Repository" },
  { "google_spanner_instance", "instance", "spanner.googleapis.com/Instance" },
  { "google_spanner_database", "database", "spanner.googleapis.com/Database" },
  { "google_bigtable_instance", "instance", "bigtableadmin.googleapis.com/Instance" },
  { "google_dataproc_cluster", "cluster", "dataproc.googleapis.com/Cluster" },
  { "google_notebooks_instance", "instance_name", "notebooks.googleapis.com/Instance" },
  { "google_iap_web", "project", "iap.googleapis.com/Web" },
  { "google_healthcare_dataset", "dataset_id", "healthcare.googleapis.com/Dataset" },
  { "google_dns_managed_zone", "managed_zone", "dns.googleapis.com/ManagedZone" },
}

-- What runs as a service account: types, and where it is named.
workloads = {
  { "google_compute_instance", "service_account.email" },
  { "google_compute_instance_template", "service_account.email" },
  { "google_cloud_run_service", "template.spec.service_account_name" },
  { "google_cloud_run_v2_service", "template.service_account" },
  { "google_cloud_run_v2_job", "template.template.service_account" },
  { "google_cloudfunctions_function", "service_account_email" },
  { "google_cloudfunctions2_function", "service_config.service_account_email" },
  { "google_container_node_pool", "node_config.service_account" },
  { "google_container_cluster", "node_config.service_account" },
  { "google_dataproc_cluster", "cluster_config.gce_cluster_config.service_account" },
}
