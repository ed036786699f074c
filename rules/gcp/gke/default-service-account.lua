local gcp, gke = lib "gcp", lib "gke"

return rule {
  id = "GCP-GKE-006", title = "Nodes run as the default compute service account",
  severity = "high", category = "least-privilege",
  aliases = { CKV2_GCP_1 = "account", ["AVD-GCP-0050"] = "nodes" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "gcp.container.cluster", "gcp.container.node_pool", "gcp.container.default_accounts" },
  description = [[The default account often may edit the project, and every pod on the node can borrow it.]],
  remediation = [[Make a service account with `roles/container.defaultNodeServiceAccount` and name it in `node_config.service_account`.]],
  references = { "https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster#use_least_privilege_sa" },
  -- Checkov reports the google_project_default_service_accounts that nodes refer to, Trivy the nodes; Trivy leaves out the
  -- default pool of a cluster that makes pools by itself; it is there nevertheless.
  check = function(e)
    if e.kind == "gcp.container.default_accounts" then
      for _, kind in ipairs { "gcp.container.cluster", "gcp.container.node_pool" } do
        local user = e:referrers(kind)[1]
        if user ~= nil then
          return fail("nodes of " .. user.name .. " run as a default service account", { case = "account", at = user })
        end
      end
      return
    end
    local cluster = e.kind == "gcp.container.cluster"
    local scaling = cluster and e.raw[gke.key(e, "cluster_autoscaling")] or (cluster and e.raw.autoscaling) or nil
    if cluster and (e.autopilot or (scaling and gke.read(e, scaling, "enabled"))
      or (scaling and gke.read(e, scaling, "enable_node_autoprovisioning"))) then
      local defaults = gke.read(e, scaling, e.origin == "live" and "autoprovisioning_node_pool_defaults" or "auto_provisioning_defaults")
      if not gcp.own_account(e, defaults, gke.key(e, "service_account")) then
        return fail("nodes that are made by themselves for cluster " .. e.name .. " run as the default service account", { case = "nodes" })
      end
    end
    return each(gke.configs(e), function(item)
      if not gcp.own_account(e, item.config, gke.key(e, "service_account")) then
        return fail("nodes of " .. item.name .. " run as the default service account", { case = "nodes", at = item.config })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "gcp:container:nodepool", "id": "fire", "name": "fire",
  "body": {"name": "fire", "config": {"serviceAccount": "default"}}}]
]], [[
resource "google_container_cluster" "fire" { name = "fire" }]], [[
resource "google_container_node_pool" "fire" {
  name    = "fire"
  cluster = "c"
  node_config { machine_type = "e2-medium" }
}]], [[
resource "google_container_cluster" "fire" {
  name             = "fire"
  enable_autopilot = true
}]] },
    pass = { live [[
[{"type": "gcp:container:nodepool", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "config": {"serviceAccount": "nodes@p.iam.gserviceaccount.com"}}}]
]], [[
resource "google_service_account" "nodes" { account_id = "nodes" }
resource "google_container_cluster" "dont_fire" {
  name                     = "dont_fire"
  remove_default_node_pool = true
}
resource "google_container_node_pool" "dont_fire" {
  name    = "dont_fire"
  cluster = google_container_cluster.dont_fire.id
  node_config { service_account = google_service_account.nodes.email }
}]], [[
resource "google_container_cluster" "dont_fire" {
  name             = "dont_fire"
  enable_autopilot = true
  cluster_autoscaling {
    auto_provisioning_defaults { service_account = "nodes@p.iam.gserviceaccount.com" }
  }
}]] },
    unknown = { [[
variable "account" {}
resource "google_container_node_pool" "a" {
  name    = "a"
  cluster = "c"
  node_config { service_account = var.account }
}]] },
  },
}
