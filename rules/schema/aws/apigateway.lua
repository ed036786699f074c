-- API Gateway, certificates and registered domains.

entity "aws.apigateway.stage" {
  doc = "A deployed REST API.",
  terraform = { "aws_api_gateway_stage" },
  live = { "aws:apigateway:stage" },
  id = { "id", "arn" },
  tags = "tags",
  fields = {
    tracing = { bool, tf = "xray_tracing_enabled", live = "tracingEnabled", default = false },
  },
}

entity "aws.apigateway.method_settings" {
  doc = "How methods of a stage log and cache.",
  terraform = { "aws_api_gateway_method_settings" },
  id = { "id" },
  fields = {
    data_trace = { bool, tf = "settings.data_trace_enabled", default = false },
    caching = { bool, tf = "settings.caching_enabled", default = false },
    encrypted = { bool, tf = "settings.cache_data_encrypted", default = false },
  },
}

entity "aws.apigateway.domain" {
  doc = "A custom domain.",
  terraform = { "aws_api_gateway_domain_name", "aws_apigatewayv2_domain_name" },
  id = { "domain_name", "id", "arn" },
  tags = "tags",
  fields = {
    policy = { string, tf = { "security_policy", "domain_name_configuration.security_policy" } },
  },
}

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
  },
}

entity "aws.route53.registered_domain" {
  doc = "A domain bought from AWS.",
  terraform = { "aws_route53domains_registered_domain" },
  id = { "domain_name", "id" },
  tags = "tags",
  fields = {
    transfer_lock = { bool, tf = "transfer_lock", default = true },
    auto_renew = { bool, tf = "auto_renew", default = true },
  },
}

entity "aws.apigateway.method" {
  doc = "What callers may do with a resource of an API.",
  terraform = { "aws_api_gateway_method" },
  id = { "id" },
  fields = {
    verb = { string, tf = "http_method" },
  },
}
