local candidate = lib "candidate"

return rule {
  id = "SEC-002", title = "GCP service account key",
  severity = "critical", category = "secrets",
  aliases = { "gcp-service-account" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "secret.gcp",
  description = [[A service account key never expires by itself and works from anywhere.]],
  remediation = [[Delete the key with `gcloud iam service-accounts keys delete`; use workload identity (federation) in its place.
Restrict API keys to their API and callers.]],
  references = { "https://cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys" },
  check = function(c)
    if candidate.allowed(c) then return end
    return candidate.report(c)
  end,
  tests = {
    fail = { files { ["deploy.json"] = [[
{
  "type": "service_account",
  "project_id": "shop",
  "private_key_id": "028d512c9791e558e08baa7196b50ac2f8670282",
  "private_key": "-----BEGIN PRIVATE KEY-----\nJZlCZBTToOFl9h2wJq5ty4mYwUufJSunpJC01t5gobuszgI6hwgk10zB0rlz5tr9\nspOFBCIoX9GY1cjDoBoirPfQAdzEv7g5iFqhEvveQzE2QPuwNOvpdf2YEe6rSxCn\nopMEmJVQpvsTnkIAeDfRrGsNrfSthSdddxH5jMTF7eBSdE0g9cRYN687NElFJvhQ\n8XIm0ogR4HtXOf54fZBKA8frcZTuJaWYUH1VAUwV1ZH87MtA5vSQXEZY3lEX7bwR\n2DRGD1qSo7JPRbgUMxXy9b4BzwoZ648jjNuFD7uacnwIp3SfD67jIKeaVSTQvvpQ\n-----END PRIVATE KEY-----\n",
  "client_email": "deploy@shop.iam.gserviceaccount.com"
}
]] }, files { ["map.js"] = [[
const key = "AIzaZpPTejqZHKpKENg5zfjOc6VwcbIjMPFLVjF";
]] } },
    pass = { files { ["map.js"] = [[
# parameters: {"secret_allowed_paths": ["map.*"]}
const key = "AIzaUPXQzkM4Bv3aYavhNYRVwDfRk9XIrghoy32";
]] } },
  },
}
