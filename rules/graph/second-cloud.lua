-- luacheck: no max line length
local tags, services = lib "tags", lib "services"

local counterparts = {
  ["aws.eks.cluster"] = "gcp.container.cluster", ["gcp.container.cluster"] = "aws.eks.cluster",
  ["aws.s3.bucket"] = "gcp.storage.bucket", ["gcp.storage.bucket"] = "aws.s3.bucket",
}

local function is_multi_cloud(e)
  local value = tags.first(e, { "multi-cloud", "clouds" })
  return value ~= nil and match(tostring(value), "(?i)^(?:true|yes|1|on|aws[ ,+/_-]+gcp|gcp[ ,+/_-]+aws|active|standby)$") ~= nil
end

-- Whether a job of Storage Transfer Service joins the two buckets, in either direction.
local function joined(a, b)
  local function says(job, value, bucket)
    if not known(value) then
      for _, target in ipairs(job:targets(value)) do
        if target == bucket then return true end
      end
      return false
    end
    return value ~= nil and value == bucket.name
  end
  for _, job in ipairs(graph.of_type("google_storage_transfer_job")) do
    local spec = job.raw.transfer_spec
    for _, pair in ipairs({ { a, b }, { b, a } }) do
      local from = says(job, spec.aws_s3_data_source.bucket_name, pair[1]) or says(job, spec.gcs_data_source.bucket_name, pair[1])
      if from and says(job, spec.gcs_data_sink.bucket_name, pair[2]) then return true end
    end
  end
  return false
end

return rule {
  id = "GRAPH-025", title = "Second cloud lacks what the first one runs", severity = "low", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = { "aws.eks.cluster", "gcp.container.cluster", "aws.s3.bucket", "gcp.storage.bucket" },
  where = is_multi_cloud,
  description = [[A service that is tagged `multi-cloud` has a counterpart in the other cloud with the same `service` (or `app`) tag: a
cluster a cluster, a bucket a bucket. Buckets also need something that brings the data there (`google_storage_transfer_job`).]],
  remediation = [[Declare the counterpart with the same service tag, and the replication to it; or take the tag away.]],
  references = { "https://cloud.google.com/storage-transfer/docs/overview" },
  check = function(e)
    local others = services.others(e, { counterparts[e.kind] })
    if services.of(e) == nil then unknown("no tag tells which service " .. e.address .. " is part of") end
    if #others == 0 then
      return fail(e.name .. " is tagged multi-cloud, and no " .. (starts(e.kind, "aws.") and "Google Cloud" or "AWS")
        .. " resource carries the service tag " .. services.of(e), { at = "tags" })
    end
    if not match(e.kind, "bucket$") then return end
    for _, other in ipairs(others) do
      if joined(e, other) then return end
    end
    return fail("nothing replicates " .. e.name .. " to its counterpart " .. others[1].address .. " in the other cloud",
      { at = "tags", evidence = { { others[1], "the counterpart" } } })
  end,
  tests = {
    fail = {
      [[
resource "aws_eks_cluster" "fire" {
  name = "trading"
  tags = { service = "trading", multi-cloud = "true" }
}]],
      [[
resource "aws_s3_bucket" "fire" {
  bucket = "trades"
  tags   = { service = "trading", multi-cloud = "true" }
}
resource "google_storage_bucket" "trades" {
  name   = "trades-copy"
  labels = { service = "trading" }
}]],
    },
    pass = {
      [[
resource "aws_eks_cluster" "dont_fire" {
  name = "trading"
  tags = { service = "trading", multi-cloud = "true" }
}
resource "google_container_cluster" "trading" {
  name            = "trading"
  resource_labels = { service = "trading" }
}]],
      [[
resource "aws_s3_bucket" "dont_fire" {
  bucket = "trades"
  tags   = { service = "trading", multi-cloud = "true" }
}
resource "google_storage_bucket" "trades" {
  name   = "trades-copy"
  labels = { service = "trading" }
}
resource "google_storage_transfer_job" "j" {
  transfer_spec {
    aws_s3_data_source { bucket_name = aws_s3_bucket.dont_fire.bucket }
    gcs_data_sink { bucket_name = google_storage_bucket.trades.name }
  }
}]],
    },
    unknown = { [[
resource "aws_s3_bucket" "b" {
  bucket = "trades"
  tags   = { multi-cloud = "true" }
}]] },
  },
}
