-- The inputs of a document in YAML, whose lines are "name: value" (there is no deeper nesting but shellProfile).
local function yaml_inputs(text)
  if match(text, "(?m)^\\s*inputs\\s*:") == nil then return nil end
  local found = {}
  for _, name in ipairs { "kmsKeyId", "s3BucketName", "s3EncryptionEnabled", "cloudWatchLogGroupName", "cloudWatchEncryptionEnabled" } do
    local groups = match(text, "(?m)^\\s*" .. name .. "\\s*:\\s*[\"']?([^\"'\\r\\n#]*)")
    local value = trim(type(groups) == "table" and groups[1] or groups or "")
    found[name] = value
    if ends(name, "Enabled") then found[name] = value == "true" end
  end
  return found
end

return rule {
  id = "AWS-SSM-001", title = "Session document keeps no encrypted log",
  severity = "medium", category = "logging",
  aliases = { CKV_AWS_112 = "encryption", CKV_AWS_113 = "log" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.ssm.document",
  where = function(e) return e.origin ~= "live" and e.purpose == "Session" and one_of(e.format, "JSON", "YAML") end,
  description = [[Sessions give a shell; only their log shows what was typed, and only encryption keeps it from others.]],
  remediation = [[Set `kmsKeyId`, and a bucket or log group with its encryption, in the `inputs` of the document.]],
  references = { "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html" },
  check = function(e)
    local inputs
    if e.format == "YAML" then
      inputs = yaml_inputs(e.raw.content or "")
    else
      local document = json(e.raw.content)
      inputs = document ~= nil and document.inputs or nil
    end
    if inputs == nil then return end
    local function set_to(name)
      if e.format == "YAML" then return inputs[name] ~= "" end
      return not known(inputs[name]) and #e:targets(inputs[name]) > 0 or inputs[name] ~= nil and inputs[name] ~= ""
    end
    return each({ "encryption", "log" }, function(place)
      if place == "encryption" then
        if not set_to("kmsKeyId") then return fail("sessions of " .. e.name .. " have no key", { case = place, at = e }) end
        return
      end
      if set_to("s3BucketName") and inputs.s3EncryptionEnabled == true then return end
      if set_to("cloudWatchLogGroupName") and inputs.cloudWatchEncryptionEnabled == true then return end
      return fail("sessions of " .. e.name .. " keep no encrypted log", { case = place, at = e })
    end)
  end,
  tests = {
    fail = { [[
resource "aws_ssm_document" "fire" {
  name          = "SSM-SessionManagerRunShell"
  document_type = "Session"
  content       = jsonencode({ schemaVersion = "1.0", sessionType = "Standard_Stream", inputs = { s3BucketName = "" } })
}]], [[
resource "aws_ssm_document" "fire" {
  name            = "SSM-SessionManagerRunShell"
  document_type   = "Session"
  document_format = "YAML"
  content         = <<-DOC
    schemaVersion: '1.0'
    sessionType: Standard_Stream
    inputs:
      s3BucketName: ''
      s3EncryptionEnabled: true
      kmsKeyId: ''
  DOC
}]] },
    pass = { [[
resource "aws_ssm_document" "dont_fire" {
  name          = "SSM-SessionManagerRunShell"
  document_type = "Session"
  content       = jsonencode({ inputs = { s3BucketName = "logs", s3EncryptionEnabled = true, kmsKeyId = "k" } })
}
resource "aws_ssm_document" "dont_fire_yaml" {
  name            = "SSM-SessionManagerRunShell"
  document_type   = "Session"
  document_format = "YAML"
  content         = <<-DOC
    schemaVersion: '1.0'
    inputs:
      s3BucketName: logs
      s3EncryptionEnabled: true
      kmsKeyId: "alias/sessions"
  DOC
}]] },
    unknown = { [[
variable "c" {}
resource "aws_ssm_document" "a" {
  name          = "a"
  document_type = "Session"
  content       = var.c
}]] },
  },
}
