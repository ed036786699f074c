-- luacheck: no max line length
local tags, copies = lib "tags", lib "copies"

return rule {
  id = "GRAPH-014", title = "Production data is copied to a lower environment", severity = "high", category = "network",
  frameworks = { "NIST-800-53r5:AC-4", "PCI-DSS-4.0:1.3.2", "SOC2:CC6.7", "ISO27001-2022:A.8.12" },
  for_each = { "aws.s3.bucket", "aws.rds.instance", "aws.rds.cluster", "aws.dynamodb.table", "gcp.storage.bucket", "gcp.sql.instance" },
  where = function(e) return tags.production(e) and tags.sensitive(e) end,
  description = [[Replicas, restored snapshots, clones and transfer jobs bring real data to where more people have access, less is logged
and credentials are kept less carefully. Environments are those of the tags `environment`, `env` and `stage`, else of the configuration.]],
  remediation = [[Copy masked or made-up data to other environments, or take the copy out.]],
  references = { "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_data_classification_identify_data.html" },
  check = function(e)
    local found, open = {}, nil
    for _, copy in ipairs(copies.of(e)) do
      local where = tags.environment(copy.store)
      if where == nil then
        open = open or "the environment of " .. copy.store.address .. ", which " .. copy.how .. ", is not known"
      elseif where ~= "prod" then
        found[#found + 1] = fail(tags.class(e) .. " data of " .. e.name .. " is copied to " .. where .. ": " .. copy.store.address .. " "
          .. copy.how .. "; use masked data there", { evidence = { { copy.via, copy.how }, { copy.store, "of environment " .. where } } })
      end
    end
    if #found > 0 then return found end
    if open then unknown(open) end
  end,
  tests = {
    fail = {
      [[
resource "aws_rds_cluster" "fire" {
  cluster_identifier = "orders"
  tags = { environment = "prod", classification = "confidential" }
}
resource "aws_rds_cluster" "test" {
  cluster_identifier = "orders-test"
  tags = { environment = "test" }
  restore_to_point_in_time {
    source_cluster_identifier  = aws_rds_cluster.fire.cluster_identifier
    use_latest_restorable_time = true
  }
}]],
      [[
resource "aws_db_instance" "fire" {
  identifier = "orders"
  tags = { environment = "prod", classification = "confidential" }
}
resource "aws_db_snapshot" "orders" {
  db_instance_identifier = aws_db_instance.fire.identifier
  db_snapshot_identifier = "orders-1"
}
resource "aws_db_instance" "test" {
  identifier          = "orders-test"
  snapshot_identifier = aws_db_snapshot.orders.id
  tags = { environment = "test" }
}]],
      [[
resource "aws_s3_bucket" "fire" {
  bucket = "a"
  tags = { environment = "prod", classification = "regulated" }
}
resource "aws_s3_bucket" "dev" {
  bucket = "b"
  tags = { environment = "dev" }
}
resource "aws_s3_bucket_replication_configuration" "r" {
  bucket = aws_s3_bucket.fire.id
  role   = "arn:aws:iam::123456789012:role/r"
  rule {
    status = "Enabled"
    destination { bucket = aws_s3_bucket.dev.arn }
  }
}]],
      [[
resource "google_storage_bucket" "fire" {
  name = "a"
  labels = { env = "prod", classification = "confidential" }
}
resource "google_storage_bucket" "b" {
  name = "b"
  labels = { env = "dev" }
}
resource "google_storage_transfer_job" "j" {
  transfer_spec {
    gcs_data_source { bucket_name = google_storage_bucket.fire.name }
    gcs_data_sink { bucket_name = google_storage_bucket.b.name }
  }
}]],
    },
    pass = {
      [[
resource "google_sql_database_instance" "dont_fire" {
  name = "orders"
  settings {
    tier = "db-f1-micro"
    user_labels = { env = "prod", classification = "confidential" }
  }
}
resource "google_sql_database_instance" "copy" {
  name = "copy"
  clone { source_instance_name = google_sql_database_instance.dont_fire.name }
  settings {
    tier = "db-f1-micro"
    user_labels = { env = "production" }
  }
}]],
      [[
resource "aws_db_instance" "dont_fire" {
  identifier = "orders"
  tags = { environment = "prod", classification = "confidential" }
}
resource "aws_db_instance" "replica" {
  replicate_source_db = aws_db_instance.dont_fire.identifier
  tags = { environment = "prod" }
}]],
    },
    unknown = {
      [[
resource "aws_db_instance" "a" {
  identifier = "orders"
  tags = { environment = "prod", classification = "confidential" }
}
resource "aws_db_instance" "copy" {
  replicate_source_db = aws_db_instance.a.identifier
}]],
    },
  },
}
