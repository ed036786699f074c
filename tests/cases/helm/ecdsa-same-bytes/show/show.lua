return rule { id = "SHOW-1", title = "x", severity = "info", category = "hygiene", for_each = "k8s.workload", check = function(e) return fail(tostring(e.raw)) end }
