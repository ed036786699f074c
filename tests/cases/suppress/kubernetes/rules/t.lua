return rule {
  id = "T-010", title = "Container has no args", severity = "high", category = "access",
  aliases = { "CKV_K8S_900", "no-args", ["CKV_K8S_902"] = "first", ["CKV_K8S_901"] = "second" },
  for_each = "k8s.workload",
  description = "x", remediation = "y",
  check = function(w)
    local found = {}
    for i, c in ipairs(w.raw.spec.containers) do
      if c.args and c.args ~= "none" then found[#found + 1] = fail("container " .. c.name, { case = i == 2 and "second" or "first" }) end
    end
    return found
  end,
  tests = { fail = { yaml [[{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, args: [x]}]}}]] } },
}
