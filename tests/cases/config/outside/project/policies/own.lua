return rule {
  id = "OWN-001", title = "Own", severity = "low", category = "hygiene", for_each = "aws.sqs.queue",
  check = function() end,
}
