-- Which namespaces a backup reaches: Velero, other operators, jobs that dump or snapshot.

local pod = lib "pod"
local kube = lib "kube"
local backup = {}

-- Whether a name is taken by the lists of a Velero spec: none or "*" takes every namespace.
local function includes(spec, namespace)
  for _, pattern in ipairs(spec.excludedNamespaces or {}) do
    if glob(namespace, pattern) then return false end
  end
  local included = spec.includedNamespaces
  if included == nil or #included == 0 then return true end
  for _, pattern in ipairs(included) do
    if glob(namespace, pattern) then return true end
  end
  return false
end

local function narrowed(spec)
  return spec.labelSelector ~= nil or spec.orLabelSelectors ~= nil
end

-- Velero's schedules that reach the namespace. One that selects by labels counts: which objects it takes is its author's choice.
function backup.schedules(namespace)
  local found = {}
  for _, schedule in ipairs(graph.all("velero.schedule")) do
    if not schedule.paused and includes(schedule.raw.spec.template or {}, namespace) then found[#found + 1] = schedule end
  end
  return found
end

backup.narrowed = narrowed

local dumps = "(?i)pg_?dump|pg_basebackup|mysqldump|mariadb-dump|xtrabackup|mongodump|redis-cli.*--rdb|nodetool\\s+snapshot|"
  .. "influx(?:d)?\\s+backup|etcdctl.*snapshot|restic|kopia|wal-g|pgbackrest|barman|medusa|rclone|velero"

local function job_dumps(namespace)
  for _, job in ipairs(pod.inside("k8s.workload", namespace)) do
    if pod.is_job(job) then
      if match(job.name, "(?i)backup|snapshot|dump") then return true end
      for _, c in ipairs(pod.containers(job)) do
        if match(table.concat(kube.words(c), " "), dumps) then return true end
        if c.at.image ~= nil and match(c.at.image, "(?i)backup|restic|kopia|wal-g|pgbackrest") then return true end
      end
    end
  end
  return false
end

-- Whether anything backs up what lies in the namespace.
function backup.covers(namespace)
  if #backup.schedules(namespace) > 0 then return true end
  for _, kind in ipairs { "backup.schedule", "database.postgresql.backup", "k8s.volumesnapshot" } do
    if #pod.inside(kind, namespace) > 0 then return true end
  end
  for _, schedule in ipairs(graph.all("backup.schedule")) do
    -- Recurring jobs of the storage itself are for every namespace.
    if one_of(pod.namespace(schedule), "longhorn-system", "kasten-io") then return true end
  end
  return job_dumps(namespace)
end

-- Whether the unit shows how backups are made at all; without that their absence proves nothing.
function backup.shown()
  for _, kind in ipairs { "velero.schedule", "velero.storagelocation", "backup.schedule", "database.postgresql.backup" } do
    if #graph.all(kind) > 0 then return true end
  end
  return false
end

-- Claims of a StatefulSet's templates, as written.
function backup.templates(e)
  return e.raw.spec and (e.raw.spec.volumeClaimTemplates or e.raw.spec.volume_claim_template) or {}
end

-- Seconds between two runs of a cron line, roughly: 3600, 86400, 604800, 2592000; nil when it is not read.
function backup.interval(cron)
  local text = lower(trim(cron))
  text = match(text, "^cron_tz=\\S+\\s+(.*)$") or text
  local named = { ["@hourly"] = 3600, ["@daily"] = 86400, ["@midnight"] = 86400, ["@weekly"] = 604800, ["@monthly"] = 2592000,
    ["@yearly"] = 31536000, ["@annually"] = 31536000 }
  if named[text] then return named[text] end
  local every = match(text, "^@every\\s+(\\S+)$")
  if every then return lib("component").seconds(every) end
  local fields = {}
  for _, field in ipairs(split(text, " ")) do
    if field ~= "" then fields[#fields + 1] = field end
  end
  if #fields ~= 5 then return nil end
  local function any(i) return fields[i] == "*" or fields[i] == "?" end
  local step = string.match(fields[3], "^%*/(%d+)$")
  if step then return tonumber(step) * 86400 end
  if not any(4) then return 31536000 end
  if not any(3) then return 2592000 end
  if not any(5) and not string.find(fields[5], "[,%-/]") then return 604800 end
  if any(2) or string.find(fields[2], "[,%-/]") then return 3600 end
  return 86400
end

return backup
