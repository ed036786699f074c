local candidate = lib "candidate"

return rule {
  id = "SEC-012", title = "Kubernetes or mesh credential",
  severity = "critical", category = "secrets",
  version = 2, changes = { "credentials in the code of tests and below testdata/ are findings of severity info" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "secret.kubernetes",
  description = [[A kubeconfig or service account token is the cluster's trust in its holder; bootstrap tokens let nodes join.]],
  remediation = [[Delete the token's Secret or the user's certificate; log in through the identity provider or `aws eks
get-token`, `gke-gcloud-auth-plugin`.]],
  references = { "https://kubernetes.io/docs/reference/access-authn-authz/authentication/" },
  check = function(c)
    if candidate.allowed(c) then return end
    if c.expired then return end
    return candidate.report(c)
  end,
  tests = {
    fail = { files { ["kubeconfig"] = [[
apiVersion: v1
kind: Config
users:
- name: admin
  user:
    client-key-data: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpVOEpacERFMGlHWGxENmdOQ0ZiYUVQRmpiRDBrSDhPb29sOERrbFpET0NqMklTYUppSGtUajByTEdsa29NWEdqCnRFa0RuTmZyaWJ4VWRsN2RYVFB5THN4UEZrVGhmNFZ1Y1NtRUhnYUt3Vko3ZmFDOXFFd2preTQwVVZzV21mbHoKZEUxRjhSZXNxRUR1c1Rwa3IwY1N0WTRxV0I4ZFdLbkhmRE54U0l2UFpaNjNmRktjWmpSNEkwYjNqUnRhV3I0WQo5T0pGTEpPcU9BZjFsTFFTQUphaVhua1U4SXMyZzhucHJ2RGQ1M3g4M3J6alpaWlpHZW9aRE1FTmNLSFZtREdBCmtKaUc4WG5CRTNObllKb1E5V21YZUhIMmZkZWVURkpHdlZ2UWUxc0toQk44OGhYSnNpNkJ3aFRwM0ZzMlFoWDYKS1d4T2lpeGdWb09uenl3Mk16UDBadnpPTWhmV3VCQnlSZVFNc205V2N6N3VXOVhGT0dPZU1WTmVuNW4xQWU2cAotLS0tLUVORCBSU0EgUFJJVkFURSBLRVktLS0tLQo=
]] }, files { ["deploy.env"] = [[
KUBE_TOKEN=eyJhbGciOiJSUzI1NiIsImtpZCI6ImExIn0.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50Iiwic3ViIjoic3lzdGVtOnNlcnZpY2VhY2NvdW50OnNob3A6ZGVwbG95ZXIifQ.kq8Jw2Zt5Xb1Vn7Mc3Lp9Rf6Hd4Gs0Ya-TeUiOoPlKj
]] }, files { ["client/testdata/deploy.env"] = [[
KUBE_TOKEN=eyJhbGciOiJSUzI1NiIsImtpZCI6ImExIn0.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50Iiwic3ViIjoic3lzdGVtOnNlcnZpY2VhY2NvdW50OnNob3A6ZGVwbG95ZXIifQ.kq8Jw2Zt5Xb1Vn7Mc3Lp9Rf6Hd4Gs0Ya-TeUiOoPlKj
]] } },
    pass = { files { ["join.sh"] = [[
# parameters: {"secret_allowed_paths": ["join.sh"]}
kubeadm join --token 4f8k2p.x9q1w7e3r5t8y2u6 10.0.0.1:6443
]] } },
  },
}
