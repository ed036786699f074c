return rule {
  id = "AWS-EFS-004", title = "Access point does not fix its root directory and user",
  severity = "medium", category = "least-privilege",
  aliases = { CKV_AWS_329 = "root", CKV_AWS_330 = "user" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "aws.efs.access_point",
  description = [[An access point that fixes neither directory nor user gives its clients the whole file system under any user.]],
  remediation = [[Set `path` in `root_directory` to a directory below the root, and `uid` and `gid` in `posix_user`.]],
  references = { "https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html" },
  check = function(e)
    return each({ "root", "user" }, function(place)
      if place == "root" then
        if e.root == "/" then return fail("access point " .. e.name .. " opens the whole file system", { case = place, at = "root" }) end
      elseif e.user == nil then
        return fail("access point " .. e.name .. " enforces no user", { case = place, at = "user" })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:elasticfilesystem:access-point", "name": "fire",
  "body": {"AccessPointId": "ap", "RootDirectory": {"Path": "/"}, "PosixUser": {"Uid": 1000, "Gid": 1000}}}]
]], [[resource "aws_efs_access_point" "fire" { file_system_id = "fs-1" }]] },
    pass = { live [[
[{"type": "aws:elasticfilesystem:access-point", "name": "dont_fire",
  "body": {"AccessPointId": "ap", "RootDirectory": {"Path": "/app"}, "PosixUser": {"Uid": 1000, "Gid": 1000}}}]
]], [[
resource "aws_efs_access_point" "dont_fire" {
  root_directory { path = "/data" }
  posix_user {
    uid = 1000
    gid = 1000
  }
}]] },
    unknown = { [[
variable "p" {}
resource "aws_efs_access_point" "a" {
  root_directory { path = var.p }
  posix_user {
    uid = 1000
    gid = 1000
  }
}]] },
  },
}
