return rule {
  id = "AWS-CF-005", title = "Distribution keeps no access log",
  severity = "medium", category = "logging",
  aliases = { "CKV_AWS_86", "AVD-AWS-0010" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.cloudfront.distribution",
  where = function(e) return e.origin ~= "live" end,
  description = [[Access logs say who asked for what; without them an incident cannot be traced.]],
  remediation = [[Add `logging_config` with a bucket, or an `aws_cloudwatch_log_delivery_source` with its
`aws_cloudwatch_log_delivery`.]],
  references = { "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html" },
  check = function(e)
    if #list(e.raw.logging_config) > 0 then return end
    for _, user in ipairs(e:edges_to("references")) do
      -- A source delivers nothing by itself.
      if user.type == "aws_cloudwatch_log_delivery_source" then
        for _, delivery in ipairs(user:edges_to("references")) do
          if delivery.type == "aws_cloudwatch_log_delivery" then return end
        end
      end
    end
    return fail("distribution " .. e.name .. " keeps no access log", { at = e })
  end,
  tests = {
    fail = { [[resource "aws_cloudfront_distribution" "fire" { enabled = true }]] },
    pass = { [[
resource "aws_cloudfront_distribution" "dont_fire" {
  logging_config { bucket = "logs.s3.amazonaws.com" }
}]], [[
resource "aws_cloudfront_distribution" "dont_fire" { enabled = true }
resource "aws_cloudwatch_log_delivery_source" "s" { resource_arn = aws_cloudfront_distribution.dont_fire.arn }
resource "aws_cloudwatch_log_delivery" "d" {
  delivery_source_name     = aws_cloudwatch_log_delivery_source.s.name
  delivery_destination_arn = "arn:aws:logs:us-east-1:123456789012:delivery-destination:d"
}]] },
    unknown = { [[
variable "l" { type = list(any) }
resource "aws_cloudfront_distribution" "a" {
  dynamic "logging_config" {
    for_each = var.l
    content { bucket = "logs.s3.amazonaws.com" }
  }
}]] },
  },
}
