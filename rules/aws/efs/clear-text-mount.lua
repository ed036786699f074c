local iam = lib "iam"

local function statements_of(e)
  if e.origin == "live" then return e.policy ~= nil and iam.statements(json(e.policy)) or {} end
  local found = {}
  for _, holder in ipairs(e:satellites("policy")) do
    for _, s in ipairs(iam.statements(json(holder.raw.policy))) do found[#found + 1] = s end
  end
  return found
end

-- Whether a statement denies what comes without TLS.
local function demands_tls(s)
  if s.effect ~= "Deny" then return false end
  for _, c in ipairs(s.conditions) do
    if c.key == "aws:securetransport" and match(c.operator, "^Bool") then
      for _, value in ipairs(iam.values(c)) do
        if tostring(value) == "false" then return true end
      end
    end
  end
  return false
end

local function file_system(e)
  local failures, tls = {}, false
  for _, s in ipairs(statements_of(e)) do
    tls = tls or demands_tls(s)
    -- A mount target is reached from the network alone: then everyone there is let in, as with no policy at all.
    if iam.allows(s) and iam.wildcard_principal(e, s) and not iam.narrowed(s) then
      local mounted = false
      for _, c in ipairs(s.conditions) do mounted = mounted or c.key == "elasticfilesystem:accessedviamounttarget" end
      if not mounted then
        failures[#failures + 1] = fail("the policy of file system " .. e.name .. " lets everyone in", { case = "anonymous", at = s.at })
      end
    end
  end
  if not tls then
    failures[#failures + 1] = fail("no policy of file system " .. e.name .. " denies mounts in clear text", { case = "policy", at = e })
  end
  return failures
end

local function task(e)
  return each(list(e.volumes), function(volume)
    for _, efs in ipairs(list(volume.efs_volume_configuration or volume.efsVolumeConfiguration)) do
      if (efs.transit_encryption or efs.transitEncryption) ~= "ENABLED" then
        return fail("task " .. e.name .. " mounts a file system in clear text", { case = "task", at = efs })
      end
    end
  end)
end

return rule {
  id = "AWS-EFS-003", title = "File system can be mounted in clear text or anonymously",
  severity = "medium", category = "encryption",
  aliases = { CKV_AWS_97 = "task", ["AVD-AWS-0035"] = "task" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = { "aws.efs.file_system", "aws.ecs.task_definition", "k8s.persistentvolume" },
  where = function(e)
    if e.kind ~= "k8s.persistentvolume" then return true end
    return e.raw.spec.nfs ~= nil
      and match(e.raw.spec.nfs.server or "", "\\.efs\\.[a-z0-9-]+\\.amazonaws\\.com$") ~= nil
  end,
  description = [[NFS carries no encryption of its own: without TLS, whoever is on the way reads the files. Without a policy, everything in the
network may mount the file system.]],
  remediation = [[Attach an `aws_efs_file_system_policy` that denies `*` when `aws:SecureTransport` is `false`; set
`transit_encryption = "ENABLED"` on volumes of tasks; in Kubernetes mount through the driver efs.csi.aws.com, which uses TLS.]],
  references = { "https://docs.aws.amazon.com/efs/latest/ug/encryption-in-transit.html",
    "https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html" },
  check = function(e)
    if e.kind == "aws.efs.file_system" then return file_system(e) end
    if e.kind == "aws.ecs.task_definition" then return task(e) end
    return fail("volume " .. e.name .. " mounts " .. e.raw.spec.nfs.server .. " over plain NFS", { case = "volume", at = e.raw.spec.nfs })
  end,
  tests = {
    fail = { [[resource "aws_efs_file_system" "fire" {}]], [[
resource "aws_ecs_task_definition" "fire" {
  family = "f"
  volume {
    name = "v"
    efs_volume_configuration { file_system_id = "fs-1" }
  }
}]], live [[
[{"type": "aws:elasticfilesystem:file-system", "name": "fire", "body": {"FileSystemId": "fs-1",
  "Policy": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"elasticfilesystem:ClientMount\"}]}"}}]
]], yaml [[
apiVersion: v1
kind: PersistentVolume
metadata: { name: fire }
spec: { nfs: { server: fs-1.efs.eu-west-1.amazonaws.com, path: / } }
]] },
    pass = { [[
resource "aws_efs_file_system" "dont_fire" {}
resource "aws_efs_file_system_policy" "p" {
  file_system_id = aws_efs_file_system.dont_fire.id
  policy = jsonencode({
    Statement = [{ Effect = "Deny", Principal = { AWS = "*" }, Action = "*", Condition = { Bool = { "aws:SecureTransport" = "false" } } }]
  })
}
resource "aws_ecs_task_definition" "dont_fire" {
  family = "f"
  volume {
    name = "v"
    efs_volume_configuration {
      file_system_id     = aws_efs_file_system.dont_fire.id
      transit_encryption = "ENABLED"
    }
  }
}]], live [[
[{"type": "aws:ecs:task-definition", "name": "dont_fire", "body": {"family": "f",
  "volumes": [{"name": "v", "efsVolumeConfiguration": {"fileSystemId": "fs-1", "transitEncryption": "ENABLED"}}]}}]
]] },
    unknown = { [[
variable "policy" {}
resource "aws_efs_file_system" "a" {}
resource "aws_efs_file_system_policy" "p" {
  file_system_id = aws_efs_file_system.a.id
  policy         = var.policy
}]], [[
variable "mode" {}
resource "aws_ecs_task_definition" "a" {
  family = "f"
  volume {
    name = "v"
    efs_volume_configuration { transit_encryption = var.mode }
  }
}]] },
  },
}
