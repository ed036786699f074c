local gcp, gke = lib "gcp", lib "gke"

local function mode_of(e, config)
  return gke.read(e, config, "workload_metadata_config", "mode") or gke.read(e, config, "workload_metadata_config", "node_metadata")
end

local function server(e, config)
  return one_of(mode_of(e, config), "GKE_METADATA", "GKE_METADATA_SERVER")
end

-- A pool without a mode of its own gets the metadata server where its cluster has workload identity. That of a live pool is written in
-- its configuration: pools that are older than their cluster's workload identity do not have it.
local function inherited(e)
  if e.origin == "live" then return false end
  local cluster = gke.cluster(e)
  if cluster == nil then unknown("the cluster of the pool is outside the scan") end
  if not known(cluster.workload.pool) then return true end
  return cluster.workload.pool ~= nil
end

local function judge_cluster(e)
  if e.kind ~= "gcp.container.cluster" or e.autopilot or e.workload.pool ~= nil then return end
  -- Nodes that ask for the metadata server do not get it without workload identity; the other checkers do not look at that.
  local asked = false
  for _, item in ipairs(gke.configs(e)) do asked = asked or server(e, item.config) end
  return fail("cluster " .. e.name .. " has no workload identity", { case = asked and "asked" or "identity", at = "workload.pool" })
end

local function judge_nodes(e, item)
  local metadata = gke.read(e, item.config, "metadata")
  local legacy = metadata and metadata["disable-legacy-endpoints"]
  if legacy ~= nil and not gcp.truthy(legacy) then
    return fail("nodes of " .. item.name .. " answer on the legacy metadata endpoints", { case = "legacy", at = metadata, within = metadata })
  end
  if server(e, item.config) then return end
  local mode = mode_of(e, item.config)
  if mode ~= nil then
    return fail("pods on " .. item.name .. " can reach the metadata of the node (" .. mode .. ")",
      { case = "metadata", at = gke.read(e, item.config, "workload_metadata_config"), within = item.config })
  end
  if e.kind == "gcp.container.node_pool" and not inherited(e) then
    return fail("pods on " .. item.name .. " can reach the metadata of the node", { case = "metadata", within = item.config })
  end
end

return rule {
  id = "GCP-GKE-007", title = "Pods can reach node metadata instead of workload identity",
  severity = "high", category = "least-privilege",
  version = 2, changes = { "the mode of a live pool is read from its own configuration" },
  aliases = { CKV_GCP_69 = { "metadata", "identity" }, ["AVD-GCP-0057"] = "metadata", ["AVD-GCP-0048"] = "legacy" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "gcp.container.cluster", "gcp.container.node_pool" },
  description = [[The metadata of a node hands out its service account's tokens; with workload identity a pod gets only its own.]],
  remediation = [[Set `workload_identity_config` on the cluster and `workload_metadata_config { mode = "GKE_METADATA" }` on the nodes.]],
  references = { "https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity" },
  -- Checkov wants the mode to be written; pools of a cluster with workload identity have it by default.
  check = function(e)
    return each({ "cluster", "nodes" }, function(what)
      if what == "cluster" then return judge_cluster(e) end
      return each(gke.configs(e), function(item) return judge_nodes(e, item) end)
    end)
  end,
  fix = {
    set("within.disable-legacy-endpoints", "true", "legacy"),
    set("within.workload_metadata_config.mode", "GKE_METADATA", "metadata"),
  },
  tests = {
    fail = { assets [[
[{"name": "//container.googleapis.com/projects/shop/locations/europe-west3/clusters/fire", "assetType": "container.googleapis.com/Cluster",
  "resource": {"data": {"name": "fire",
    "location": "europe-west3",
    "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west3/clusters/fire"}}}]
]], assets [[
[{"name": "//container.googleapis.com/projects/shop/locations/europe-west3/clusters/c", "assetType": "container.googleapis.com/Cluster",
  "resource": {"data": {"name": "c",
    "location": "europe-west3",
    "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west3/clusters/c",
    "workloadIdentityConfig": {"workloadPool": "shop.svc.id.goog"}}}},
{"name": "//container.googleapis.com/projects/shop/locations/europe-west3/clusters/c/nodePools/fire", "assetType": "container.googleapis.com/NodePool",
  "resource": {"data": {"name": "fire",
    "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west3/clusters/c/nodePools/fire",
    "config": {"machineType": "e2-medium"}}}}]
]], [[
resource "google_container_cluster" "fire" { name = "fire" }]], [[
resource "google_container_cluster" "c" {
  name                     = "c"
  remove_default_node_pool = true
  workload_identity_config { workload_pool = "p.svc.id.goog" }
}
resource "google_container_node_pool" "fire" {
  name    = "fire"
  cluster = google_container_cluster.c.name
  node_config {
    workload_metadata_config { mode = "GCE_METADATA" }
  }
}]], [[
resource "google_container_node_pool" "fire" {
  name    = "fire"
  cluster = "c"
  node_config {
    metadata = { disable-legacy-endpoints = "false" }
    workload_metadata_config { mode = "GKE_METADATA" }
  }
}]] },
    pass = { assets [[
[{"name": "//container.googleapis.com/projects/shop/locations/europe-west3/clusters/dont-fire", "assetType": "container.googleapis.com/Cluster",
  "resource": {"data": {"name": "dont-fire",
    "location": "europe-west3",
    "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west3/clusters/dont-fire",
    "workloadIdentityConfig": {"workloadPool": "shop.svc.id.goog"}}}},
{"name": "//container.googleapis.com/projects/shop/locations/europe-west3/clusters/dont-fire/nodePools/dont-fire", "assetType": "container.googleapis.com/NodePool",
  "resource": {"data": {"name": "dont-fire",
    "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west3/clusters/dont-fire/nodePools/dont-fire",
    "config": {"workloadMetadataConfig": {"mode": "GKE_METADATA"}, "metadata": {"disable-legacy-endpoints": "true"}}}}}]
]], [[
resource "google_container_cluster" "dont_fire" {
  name                     = "dont_fire"
  remove_default_node_pool = true
  workload_identity_config { workload_pool = "p.svc.id.goog" }
}
resource "google_container_node_pool" "dont_fire" {
  name    = "dont_fire"
  cluster = google_container_cluster.dont_fire.name
}]], [[
resource "google_container_node_pool" "dont_fire" {
  name    = "dont_fire"
  cluster = "c"
  node_config {
    workload_metadata_config { mode = "GKE_METADATA" }
  }
}]] },
    unknown = { [[
resource "google_container_node_pool" "a" {
  name    = "a"
  cluster = "c"
}]] },
  },
}
