local function bucket_of(e)
  for _, bucket in ipairs(graph.all("aws.s3.bucket")) do
    if bucket.name == e.bucket then return bucket end
  end
end

local function bucket_key(bucket)
  for _, satellite in ipairs(bucket:satellites("encryption")) do
    if match(tostring(satellite.raw.rule.apply_server_side_encryption_by_default.sse_algorithm), "kms") then return true end
  end
  return false
end

return rule {
  id = "K8S-BKP-002", title = "Velero stores backups unencrypted or beside the cluster",
  severity = "high", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = "velero.storagelocation",
  description = [[A backup holds every Secret of the cluster. Without a key of its own whoever may read the bucket reads them; over
plain HTTP or without checking the certificate whoever is on the way does.]],
  remediation = [[Set `config.kmsKeyId`, an https address, and turn object lock on in a bucket of another account.]],
  references = { "https://github.com/vmware-tanzu/velero-plugin-for-aws/blob/main/backupstoragelocation.md" },
  check = function(e)
    local config, found = e.raw.spec.config or {}, {}
    if tostring(config.insecureSkipTLSVerify or "false") == "true" then
      found[1] = fail("Velero does not check the certificate of location " .. e.name .. " (insecureSkipTLSVerify)",
        { case = "tls", at = config })
    end
    if config.s3Url ~= nil and starts(lower(config.s3Url), "http://") then
      found[#found + 1] = fail("Velero writes to location " .. e.name .. " over plain HTTP (" .. config.s3Url .. ")",
        { case = "tls", at = config })
    end
    -- Google's buckets are encrypted without being asked; a key of one's own there belongs to the bucket.
    if e.provider ~= nil and match(e.provider, "(?:^|/)aws$") and e.key == nil and config.customerKeyEncryptionFile == nil
        and config.customerKeyEncryptionSecret == nil then
      local bucket = bucket_of(e)
      if bucket == nil then
        if #found > 0 then return found end
        unknown("bucket " .. tostring(e.bucket) .. " is not in the scan; how it encrypts is not known")
      end
      if not bucket_key(bucket) then
        found[#found + 1] = fail("location " .. e.name .. " and its bucket name no key", { case = "key", at = config })
      end
    end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: velero.io/v1
kind: BackupStorageLocation
metadata: { name: fire, namespace: velero }
spec: { provider: aws, objectStorage: { bucket: backups }, config: { region: eu-west-1, s3Url: "http://minio:9000", kmsKeyId: a } }
]], yaml [[
apiVersion: velero.io/v1
kind: BackupStorageLocation
metadata: { name: fire, namespace: velero }
spec: { provider: aws, objectStorage: { bucket: backups }, config: { insecureSkipTLSVerify: "true", kmsKeyId: a } }
]] },
    pass = { yaml [[
apiVersion: velero.io/v1
kind: BackupStorageLocation
metadata: { name: dont-fire, namespace: velero }
spec: { provider: aws, objectStorage: { bucket: backups }, config: { region: eu-west-1, kmsKeyId: "arn:aws:kms:eu-west-1:123456789012:key/a" } }
]], yaml [[
apiVersion: velero.io/v1
kind: BackupStorageLocation
metadata: { name: dont-fire, namespace: velero }
spec: { provider: gcp, objectStorage: { bucket: backups }, config: {  } }
]] },
    unknown = { yaml [[
apiVersion: velero.io/v1
kind: BackupStorageLocation
metadata: { name: a, namespace: velero }
spec: { provider: aws, objectStorage: { bucket: backups }, config: { region: eu-west-1 } }
]] },
  },
}
