local component = lib "component"

-- Without renewBefore cert-manager renews after two thirds of the lifetime, which is sound; the limit of 398 days is
-- for servers, not for authorities.
return rule {
  id = "K8S-CERT-002", title = "Certificate lives too long or uses a weak key",
  severity = "medium", category = "encryption",
  version = 2, changes = { "an unknown setting hides no other failure" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "certmanager.certificate",
  description = [[Browsers refuse server certificates of more than 398 days, and a lost key stays useful until its certificate ends. RSA
keys below 2048 bits can be broken. A certificate that is renewed in its last hours fails when the authority is slow.]],
  remediation = [[Set `duration` to 90 days and `renewBefore` to a third of it; use ECDSA or RSA of at least 2048 bits.]],
  references = { "https://cert-manager.io/docs/usage/certificate/" },
  check = function(e)
    return each({ "lifetime", "renewal", "key" }, function(what)
      if what == "key" then
        if e.algorithm == "RSA" and e.key_size and e.key_size < 2048 then
          return fail("certificate " .. e.name .. " has an RSA key of " .. math.tointeger(e.key_size) .. " bits", { at = "key_size" })
        end
        return
      end
      local seconds = component.seconds(e.duration)
      if what == "lifetime" then
        if seconds and seconds > 398 * 86400 and e.raw.spec.isCA ~= true then
          return fail("certificate " .. e.name .. " lives " .. math.tointeger(seconds // 86400) .. " days, more than 398", { at = "duration" })
        end
        return
      end
      local before = e.renew_before and component.seconds(e.renew_before)
      if before and seconds and seconds > 7 * 86400 and before < 86400 then
        return fail("certificate " .. e.name .. " is renewed only " .. e.renew_before .. " before its end", { at = "renew_before" })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: fire }
spec: { secretName: a, duration: 17520h, dnsNames: [a.example.com], issuerRef: { name: ca } }
]], yaml [[
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: fire }
spec: { secretName: a, privateKey: { algorithm: RSA, size: 1024 }, dnsNames: [a.example.com], issuerRef: { name: ca } }
]] },
    pass = { yaml [[
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: dont-fire }
spec: { secretName: a, duration: 2160h, renewBefore: 720h, privateKey: { algorithm: ECDSA, size: 256 }, dnsNames: [a.example.com], issuerRef: { name: ca } }
]], yaml [[
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: dont-fire }
spec: { secretName: a, isCA: true, duration: 87600h, commonName: ca, issuerRef: { name: ca } }
]] },
    unknown = { [[
variable "lifetime" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "cert-manager.io/v1"
    kind       = "Certificate"
    metadata   = { name = "a", namespace = "shop" }
    spec       = { secretName = "a", duration = var.lifetime, issuerRef = { name = "ca" } }
  }
}]] },
  },
}
