-- Certificates and who issues them.

entity "certmanager.issuer" {
  doc = "Who signs certificates: an authority, ACME, Vault.",
  kubernetes = { "cert-manager.io/Issuer", "cert-manager.io/ClusterIssuer" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    server = { string, "spec.acme.server" },
  },
  edges = {
    { "references", "spec.ca.secretName", to = "k8s.secret" },
  },
}

entity "certmanager.certificate" {
  doc = "A certificate that is kept in a Secret.",
  kubernetes = { "cert-manager.io/Certificate" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    duration = { string, "spec.duration", default = "2160h" },
    renew_before = { string, "spec.renewBefore" },
    algorithm = { string, "spec.privateKey.algorithm", default = "RSA" },
    key_size = { number, "spec.privateKey.size" },
  },
  edges = {
    { "references", "spec.issuerRef", to = "certmanager.issuer", match = "reference" },
    { "declares", "spec.secretName", to = "k8s.secret" },
  },
}

entity "certmanager.request" {
  doc = "One request for a certificate.",
  kubernetes = { "cert-manager.io/CertificateRequest", "acme.cert-manager.io/Order", "acme.cert-manager.io/Challenge" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}
