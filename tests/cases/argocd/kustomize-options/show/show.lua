return rule {
  id = "SHOW-1", title = "What is deployed", severity = "info", category = "hygiene", for_each = "k8s.workload",
  check = function(e) return fail(tostring(e.raw), { at = e.raw.metadata.name }) end,
}
