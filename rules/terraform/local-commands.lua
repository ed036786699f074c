return rule {
  id = "TF-012", title = "Code runs commands on the runner",
  severity = "medium", category = "supply-chain",
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = { "terraform.provisioner", "terraform.resource" },
  where = function(e)
    if e.kind == "terraform.resource" then return e.type == "data.external" end
    return e.raw.first
  end,
  description = [[What a provisioner or an external data source runs has the rights and secrets of the pipeline; `external` runs
at plan time already, for any pull request.]],
  remediation = [[Use a provider's resource in its place; else pin and review what is run.]],
  references = { "https://developer.hashicorp.com/terraform/language/resources/provisioners/syntax" },
  check = function(e)
    if e.kind == "terraform.resource" then
      return fail("data source " .. e.name .. " runs a program on the runner, also on plan")
    end
    if not one_of(e.raw.type, "local-exec", "remote-exec") then return end
    local values = e.raw.values
    for _, name in ipairs { "command", "inline" } do
      for _, text in ipairs(known(values[name]) and list(values[name]) or {}) do
        if type(text) == "string" and match(text, "(?i)(?:curl|wget)[^|;&]*[|]\\s*(?:sudo\\s+)?(?:ba|z)?sh|\\bsh -c \"?\\$\\((?:curl|wget)") then
          return fail("provisioner of " .. e.name .. " fetches and runs remote content", { severity = "high" })
        end
      end
    end
    return fail("provisioner " .. e.raw.type .. " of " .. e.name .. " runs commands " ..
      (e.raw.type == "local-exec" and "on the runner" or "on the machine"))
  end,
  tests = {
    fail = { [[
resource "null_resource" "fire" {
  provisioner "local-exec" { command = "./deploy.sh" }
}]], [[data "external" "fire" { program = ["./lookup.sh"] }]] },
    pass = { [[
resource "null_resource" "files" {
  provisioner "file" {
    source      = "app.conf"
    destination = "/etc/app.conf"
  }
}]] },
  },
}
