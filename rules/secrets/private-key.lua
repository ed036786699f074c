local candidate = lib "candidate"

return rule {
  id = "SEC-003", title = "Private key",
  severity = "critical", category = "secrets",
  version = 2, changes = { "keys in the code of tests, below testdata/ and among fixtures are findings of severity info" },
  aliases = {
    ["CKV_SECRET_13"] = "pem",
    ["private-key"] = "pem",
    ["age-secret-key"] = "age",
  },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "secret.private_key",
  description = [[Who has the key is the server, the signer or the user that it stands for, until every peer has forgotten its
public half. A passphrase only delays.]],
  remediation = [[Make a new key pair, withdraw the old certificate or public key, and keep the private half in a secret store.
Parameter `secret_allowed_paths` names files that are meant to be public.]],
  references = { "https://cheatsheetseries.owasp.org/cheatsheets/Key_Management_Cheat_Sheet.html" },
  check = function(c)
    if candidate.allowed(c) then return end
    return candidate.report(c, {
      case = c.detector == "age-secret-key" and "age" or "pem",
      what = c.encrypted and "a private key under a passphrase" or nil,
      severity = c.encrypted and "medium" or nil,
    })
  end,
  tests = {
    fail = { files { ["id_rsa"] = [[
-----BEGIN RSA PRIVATE KEY-----
U8JZpDE0iGXlD6gNCFbaEPFjbD0kH8Oool8DklZDOCj2ISaJiHkTj0rLGlkoMXGj
tEkDnNfribxUdl7dXTPyLsxPFkThf4VucSmEHgaKwVJ7faC9qEwjky40UVsWmflz
dE1F8ResqEDusTpkr0cStY4qWB8dWKnHfDNxSIvPZZ63fFKcZjR4I0b3jRtaWr4Y
9OJFLJOqOAf1lLQSAJaiXnkU8Is2g8nprvDd53x83rzjZZZZGeoZDMENcKHVmDGA
kJiG8XnBE3NnYJoQ9WmXeHH2fdeeTFJGvVvQe1sKhBN88hXJsi6BwhTp3Fs2QhX6
KWxOiixgVoOnzyw2MzP0ZvzOMhfWuBByReQMsm9Wcz7uW9XFOGOeMVNen5n1Ae6p
-----END RSA PRIVATE KEY-----
]] }, files { ["keys.txt"] = [[
AGE-SECRET-KEY-1D930CEUMNPGZM7LQYEAU0XWFFXA9ZQGWZNGSM8XYNVCSWQQNA350700P6N
]] }, files { ["pkg/pki/testdata/ca-key.pem"] = [[
-----BEGIN RSA PRIVATE KEY-----
U8JZpDE0iGXlD6gNCFbaEPFjbD0kH8Oool8DklZDOCj2ISaJiHkTj0rLGlkoMXGj
tEkDnNfribxUdl7dXTPyLsxPFkThf4VucSmEHgaKwVJ7faC9qEwjky40UVsWmflz
dE1F8ResqEDusTpkr0cStY4qWB8dWKnHfDNxSIvPZZ63fFKcZjR4I0b3jRtaWr4Y
9OJFLJOqOAf1lLQSAJaiXnkU8Is2g8nprvDd53x83rzjZZZZGeoZDMENcKHVmDGA
kJiG8XnBE3NnYJoQ9WmXeHH2fdeeTFJGvVvQe1sKhBN88hXJsi6BwhTp3Fs2QhX6
KWxOiixgVoOnzyw2MzP0ZvzOMhfWuBByReQMsm9Wcz7uW9XFOGOeMVNen5n1Ae6p
-----END RSA PRIVATE KEY-----
]] }, files { ["pkg/pki/pki_test.go"] = [[
const caKey = `-----BEGIN RSA PRIVATE KEY-----
U8JZpDE0iGXlD6gNCFbaEPFjbD0kH8Oool8DklZDOCj2ISaJiHkTj0rLGlkoMXGj
tEkDnNfribxUdl7dXTPyLsxPFkThf4VucSmEHgaKwVJ7faC9qEwjky40UVsWmflz
dE1F8ResqEDusTpkr0cStY4qWB8dWKnHfDNxSIvPZZ63fFKcZjR4I0b3jRtaWr4Y
9OJFLJOqOAf1lLQSAJaiXnkU8Is2g8nprvDd53x83rzjZZZZGeoZDMENcKHVmDGA
kJiG8XnBE3NnYJoQ9WmXeHH2fdeeTFJGvVvQe1sKhBN88hXJsi6BwhTp3Fs2QhX6
KWxOiixgVoOnzyw2MzP0ZvzOMhfWuBByReQMsm9Wcz7uW9XFOGOeMVNen5n1Ae6p
-----END RSA PRIVATE KEY-----`
]] }, files { ["fixtures/server.key"] = [[
-----BEGIN RSA PRIVATE KEY-----
U8JZpDE0iGXlD6gNCFbaEPFjbD0kH8Oool8DklZDOCj2ISaJiHkTj0rLGlkoMXGj
tEkDnNfribxUdl7dXTPyLsxPFkThf4VucSmEHgaKwVJ7faC9qEwjky40UVsWmflz
dE1F8ResqEDusTpkr0cStY4qWB8dWKnHfDNxSIvPZZ63fFKcZjR4I0b3jRtaWr4Y
9OJFLJOqOAf1lLQSAJaiXnkU8Is2g8nprvDd53x83rzjZZZZGeoZDMENcKHVmDGA
kJiG8XnBE3NnYJoQ9WmXeHH2fdeeTFJGvVvQe1sKhBN88hXJsi6BwhTp3Fs2QhX6
KWxOiixgVoOnzyw2MzP0ZvzOMhfWuBByReQMsm9Wcz7uW9XFOGOeMVNen5n1Ae6p
-----END RSA PRIVATE KEY-----
]] } },
    pass = { files { ["demo/ca.key"] = [[
# parameters: {"secret_allowed_paths": ["demo/*"]}
-----BEGIN RSA PRIVATE KEY-----
U8JZpDE0iGXlD6gNCFbaEPFjbD0kH8Oool8DklZDOCj2ISaJiHkTj0rLGlkoMXGj
tEkDnNfribxUdl7dXTPyLsxPFkThf4VucSmEHgaKwVJ7faC9qEwjky40UVsWmflz
dE1F8ResqEDusTpkr0cStY4qWB8dWKnHfDNxSIvPZZ63fFKcZjR4I0b3jRtaWr4Y
9OJFLJOqOAf1lLQSAJaiXnkU8Is2g8nprvDd53x83rzjZZZZGeoZDMENcKHVmDGA
kJiG8XnBE3NnYJoQ9WmXeHH2fdeeTFJGvVvQe1sKhBN88hXJsi6BwhTp3Fs2QhX6
KWxOiixgVoOnzyw2MzP0ZvzOMhfWuBByReQMsm9Wcz7uW9XFOGOeMVNen5n1Ae6p
-----END RSA PRIVATE KEY-----
]] } },
  },
}
