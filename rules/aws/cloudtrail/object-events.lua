-- Which object events a trail records: { read = bool, write = bool }.
local function of_selector(one, found)
  for _, resource in ipairs(list(one.data_resource or one.DataResources)) do
    if (resource.type or resource.Type) == "AWS::S3::Object" then
      local mode = one.read_write_type or one.ReadWriteType or "All"
      if mode ~= "WriteOnly" then found.read = true end
      if mode ~= "ReadOnly" then found.write = true end
    end
  end
end

local function field_of(one, name)
  for _, field in ipairs(list(one.field_selector or one.FieldSelectors)) do
    if (field.field or field.Field) == name then return list(field.equals or field.Equals) end
  end
end

local function of_advanced(one, found)
  if not has(field_of(one, "eventCategory") or {}, "Data") then return end
  if not has(field_of(one, "resources.type") or {}, "AWS::S3::Object") then return end
  local only_read = field_of(one, "readOnly")
  if only_read == nil then
    found.read, found.write = true, true
  elseif has(only_read, "true") then
    found.read = true
  else
    found.write = true
  end
end

return rule {
  id = "AWS-TRAIL-007", title = "Object reads or writes are not recorded",
  severity = "low", category = "logging",
  aliases = { ["AVD-AWS-0171"] = "write", ["AVD-AWS-0172"] = "read" },
  frameworks = { "CIS-AWS-3.0:3.8", "CIS-AWS-3.0:3.9", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2",
    "ISO27001-2022:A.8.15" },
  for_each = "aws.cloudtrail.trail",
  where = function(e) return not known(e.logging) or e.logging end,
  description = [[Trails record what is done to buckets, but not to the objects in them unless told: a theft of data leaves no trace.]],
  remediation = [[Add an `event_selector` with a `data_resource` of type `AWS::S3::Object` for the buckets that matter, with
`read_write_type = "All"`.]],
  references = { "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html" },
  -- The Trivy checks judge each bucket, and fail all of them where the code has no trail; the rule judges the trail.
  check = function(e)
    local found = { read = false, write = false }
    for _, one in ipairs(list(e.selectors)) do of_selector(one, found) end
    for _, one in ipairs(list(e.advanced_selectors)) do of_advanced(one, found) end
    if found.read and found.write then return end
    -- One trail may keep what another leaves out.
    for _, other in ipairs(graph.all("aws.cloudtrail.trail")) do
      if other.address ~= e.address and (#list(other.selectors) > 0 or #list(other.advanced_selectors) > 0) then
        for _, one in ipairs(list(other.selectors)) do of_selector(one, found) end
        for _, one in ipairs(list(other.advanced_selectors)) do of_advanced(one, found) end
      end
    end
    local failures = {}
    if not found.write then
      failures[1] = fail("trail " .. e.name .. " does not record writes to objects", { case = "write", at = e })
    end
    if not found.read then
      failures[#failures + 1] = fail("trail " .. e.name .. " does not record reads of objects", { case = "read", at = e })
    end
    return failures
  end,
  tests = {
    fail = { [[resource "aws_cloudtrail" "fire" { s3_bucket_name = "trail" }]], [[
resource "aws_cloudtrail" "fire" {
  s3_bucket_name = "trail"
  event_selector {
    read_write_type = "WriteOnly"
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}]], live [[
[{"type": "aws:cloudtrail:trail", "name": "fire", "body": {"Name": "t", "Status": {"IsLogging": true},
  "EventSelectors": [{"ReadWriteType": "All", "DataResources": []}]}}]
]] },
    pass = { [[
resource "aws_cloudtrail" "dont_fire" {
  s3_bucket_name = "trail"
  event_selector {
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}]], [[
resource "aws_cloudtrail" "dont_fire" {
  s3_bucket_name = "trail"
  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }
    field_selector {
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }
  }
}]], live [[
[{"type": "aws:cloudtrail:trail", "name": "dont_fire", "body": {"Name": "t", "Status": {"IsLogging": true},
  "EventSelectors": [{"ReadWriteType": "All", "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}]}}]
]] },
    unknown = { [[
variable "mode" {}
resource "aws_cloudtrail" "a" {
  s3_bucket_name = "trail"
  event_selector {
    read_write_type = var.mode
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}]] },
  },
}
