-- Where the data of a store goes: replicas, restored copies, transfers, deliveries.

local copies = {}

local function add(found, store, to, via, how)
  for _, one in ipairs(found) do
    if one.store == to and one.via == via then return end
  end
  if to ~= store then found[#found + 1] = { store = to, via = via, how = how } end
end

local function contains(entities, e)
  for _, one in ipairs(entities) do
    if one == e then return true end
  end
  return false
end

-- Databases that are made from the store, or from a snapshot of it.
local restored_from = {
  ["aws.rds.instance"] = { "replicate_source_db", "snapshot_identifier", "restore_to_point_in_time" },
  ["aws.rds.cluster"] = { "replication_source_identifier", "snapshot_identifier", "restore_to_point_in_time" },
  ["aws.dynamodb.table"] = { "restore_source_name", "restore_source_table_arn" },
  ["gcp.sql.instance"] = { "master_instance_name", "clone", "restore_backup_context" },
}

local ways = {
  replicate_source_db = "replicates it", replication_source_identifier = "replicates it", master_instance_name = "replicates it",
  clone = "is a clone of it",
}

-- What an attribute refers to: of a block any of its members.
local function named_by(other, name)
  local found = {}
  for _, target in ipairs(other:targets(other.raw[name])) do found[#found + 1] = target end
  local blocks = items(other.raw[name])
  for i = 1, #blocks do
    local block = known(blocks[i]) and blocks[i] or nil
    for _, member in ipairs(type(block) ~= "string" and block ~= nil and keys(block) or {}) do
      for _, target in ipairs(other:targets(block[member])) do found[#found + 1] = target end
    end
  end
  return found
end

-- By address of what they are made from: the databases of a kind, and how.
local function made_from(kind)
  return once("copies.made_from " .. kind, function()
    local index = {}
    for _, other in ipairs(graph.all(kind)) do
      for _, name in ipairs(restored_from[kind]) do
        for _, source in ipairs(named_by(other, name)) do
          local made = index[source.address] or {}
          made[#made + 1] = { other, ways[name] or "is restored from it" }
          index[source.address] = made
        end
      end
    end
    return index
  end)
end

local function databases(e, found)
  local index = made_from(e.kind)
  local sources = { e }
  for _, snapshot in ipairs(e:edges_to("backs_up")) do sources[#sources + 1] = snapshot end
  for _, source in ipairs(sources) do
    for _, one in ipairs(index[source.address] or {}) do add(found, e, one[1], one[1], one[2]) end
  end
end

-- Jobs that read one place and write another one.
local function transfers(e, found)
  for _, job in ipairs(graph.of_type("google_storage_transfer_job")) do
    local spec = job.raw.transfer_spec
    local source = spec.gcs_data_source.bucket_name or spec.aws_s3_data_source.bucket_name
    if source == e.name or contains(job:targets(source), e) then
      for _, to in ipairs(job:targets(spec.gcs_data_sink.bucket_name)) do add(found, e, to, job, "gets it by " .. job.address) end
    end
  end
  for _, task in ipairs(graph.of_type("aws_datasync_task")) do
    for _, from in ipairs(task:targets(task.raw.source_location_arn)) do
      if contains(from:targets(from.raw.s3_bucket_arn), e) then
        for _, location in ipairs(task:targets(task.raw.destination_location_arn)) do
          for _, to in ipairs(location:targets(location.raw.s3_bucket_arn)) do add(found, e, to, task, "gets it by " .. task.address) end
        end
      end
    end
  end
end

local function deliveries(e, found)
  for _, stream in ipairs(graph.of_type("aws_kinesis_firehose_delivery_stream")) do
    if contains(stream:targets(stream.raw.kinesis_source_configuration.kinesis_stream_arn), e) then
      for _, to in ipairs(stream:targets(stream.raw.extended_s3_configuration.bucket_arn)) do
        add(found, e, to, stream, "gets it by " .. stream.address)
      end
    end
  end
end

-- { store, via, how } for each: the store that gets the data, what says so, and "is a replica of it".
function copies.of(e)
  local found = {}
  for _, to in ipairs(e:edges_from("replicates_to")) do add(found, e, to, e, "is a replica of it") end
  if restored_from[e.kind] then databases(e, found) end
  if one_of(e.kind, "aws.s3.bucket", "gcp.storage.bucket") then transfers(e, found) end
  deliveries(e, found)
  return found
end

return copies
