return rule {
  id = "OWN-003", title = "None", severity = "low", category = "hygiene", for_each = "aws.sqs.queue",
  check = function(q)
    if q.raw.delay_seconds > 1 then return fail("delayed") end
    if q.raw.sqs_managed_sse_enabled == false then return fail("not encrypted") end
  end,
}
