-- Certificates.

entity "aws.acm.certificate" {
  doc = "A certificate.",
  terraform = { "aws_acm_certificate" },
  live = { "aws:acm:certificate" },
  id = { "id", "arn", "CertificateArn" },
  tags = "tags",
  fields = {
    domain = { string, tf = "domain_name", live = "DomainName" },
    alternatives = { list, tf = "subject_alternative_names", live = "SubjectAlternativeNames" },
    transparency = { string, tf = "options.certificate_transparency_logging_preference",
      live = "Options.CertificateTransparencyLoggingPreference", default = "ENABLED" },
    expires = { string, tf = "not_after", live = "NotAfter", doc = "ISO 8601." },
    source = { string, live = "Type", doc = "IMPORTED, AMAZON_ISSUED or PRIVATE." },
    renewal = { string, live = "RenewalEligibility", doc = "ELIGIBLE or INELIGIBLE." },
  },
}

entity "aws.iam.server_certificate" {
  doc = "A certificate that is kept in IAM.",
  terraform = { "aws_iam_server_certificate" },
  live = { "aws:iam:server-certificate" },
  id = { "name", "id", "arn", "ServerCertificateName" },
  tags = "tags",
  fields = {
    name = { string, tf = { "name", "name_prefix" }, live = "ServerCertificateName" },
    expires = { string, tf = "expiration", live = "Expiration", doc = "ISO 8601." },
  },
}
