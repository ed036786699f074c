return rule {
  id = "OWN-001", title = "Top", severity = "low", category = "hygiene", for_each = "aws.sqs.queue",
  aliases = { ["OTHER_1"] = "delay", ["OTHER_2"] = "encryption" },
  check = function(q)
    local found = {}
    if q.raw.delay_seconds > 0 then found[1] = fail("delayed", { case = "delay" }) end
    if q.raw.sqs_managed_sse_enabled == false then found[#found + 1] = fail("not encrypted", { case = "encryption" }) end
    return found
  end,
}
