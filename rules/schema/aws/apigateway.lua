-- API Gateway: REST, HTTP and WebSocket APIs.

entity "aws.apigateway.rest_api" {
  doc = "A REST API.",
  terraform = { "aws_api_gateway_rest_api" },
  live = { "aws:apigateway:restapi" },
  id = { "id", "arn", "name" },
  tags = "tags",
  satellites = {
    policy = { "aws_api_gateway_rest_api_policy", by = "rest_api_id" },
    stage = { "aws_api_gateway_stage", by = "rest_api_id" },
  },
  fields = {
    name = { string, tf = "name", live = "name" },
    endpoints = { list, tf = "endpoint_configuration.types", live = "endpointConfiguration.types" },
  },
}

entity "aws.apigateway.deployment" {
  doc = "A snapshot of a REST API that stages serve.",
  terraform = { "aws_api_gateway_deployment" },
  id = { "id" },
  fields = { api = { string, tf = "rest_api_id" } },
}

entity "aws.apigateway.stage" {
  doc = "A deployed REST API.",
  terraform = { "aws_api_gateway_stage" },
  live = { "aws:apigateway:stage" },
  id = { "stage_name", "id", "arn" },
  tags = "tags",
  satellites = {
    settings = { "aws_api_gateway_method_settings", by = "stage_name" },
    firewall = { "aws_wafv2_web_acl_association", by = "resource_arn" },
    regional_firewall = { "aws_wafregional_web_acl_association", by = "resource_arn" },
  },
  fields = {
    api = { string, tf = "rest_api_id", live = "restApiId" },
    stage_name = { string, tf = "stage_name", live = "stageName" },
    tracing = { bool, tf = "xray_tracing_enabled", live = "tracingEnabled", default = false },
    ["log.destination"] = { string, tf = "access_log_settings.destination_arn", live = "accessLogSettings.destinationArn" },
    ["cache.enabled"] = { bool, tf = "cache_cluster_enabled", live = "cacheClusterEnabled", default = false },
    certificate = { string, tf = "client_certificate_id", live = "clientCertificateId" },
    method_settings = { map, live = "methodSettings", doc = "By path and verb: \"*/*\"." },
    acl = { string, live = "webAclArn" },
  },
  edges = { { "logs_to", tf = "access_log_settings.destination_arn", live = "accessLogSettings.destinationArn" } },
}

entity "aws.apigateway.method_settings" {
  doc = "How methods of a stage log and cache.",
  terraform = { "aws_api_gateway_method_settings" },
  id = { "id" },
  fields = {
    path = { string, tf = "method_path" },
    level = { string, tf = "settings.logging_level", default = "OFF" },
    metrics = { bool, tf = "settings.metrics_enabled", default = false },
    ["throttle.rate"] = { number, tf = "settings.throttling_rate_limit", default = -1 },
    ["throttle.burst"] = { number, tf = "settings.throttling_burst_limit", default = -1 },
    data_trace = { bool, tf = "settings.data_trace_enabled", default = false },
    caching = { bool, tf = "settings.caching_enabled", default = false },
    encrypted = { bool, tf = "settings.cache_data_encrypted", default = false },
  },
}

entity "aws.apigateway.domain" {
  doc = "A custom domain.",
  terraform = { "aws_api_gateway_domain_name", "aws_apigatewayv2_domain_name" },
  live = { "aws:apigateway:domainname" },
  id = { "domain_name", "id", "arn", "domainName" },
  tags = "tags",
  fields = {
    policy = { string, tf = { "security_policy", "domain_name_configuration.security_policy" },
      live = { "securityPolicy", "DomainNameConfigurations.SecurityPolicy" } },
    mutual_tls = { any, tf = "mutual_tls_authentication", live = { "mutualTlsAuthentication", "MutualTlsAuthentication" } },
  },
}

entity "aws.apigateway.method" {
  doc = "What callers may do with a resource of an API.",
  terraform = { "aws_api_gateway_method" },
  live = { "aws:apigateway:method" },
  id = { "id" },
  fields = {
    api = { string, tf = "rest_api_id", live = "restApiId" },
    verb = { string, tf = "http_method", live = "httpMethod" },
    authorization = { string, tf = "authorization", live = "authorizationType" },
    key_required = { bool, tf = "api_key_required", live = "apiKeyRequired", default = false },
  },
}

entity "aws.apigateway.usage_plan" {
  doc = "How much the holders of API keys may call.",
  terraform = { "aws_api_gateway_usage_plan" },
  live = { "aws:apigateway:usageplan" },
  id = { "name", "id", "arn" },
  tags = "tags",
  fields = {
    name = { string, tf = "name", live = "name" },
    stages = { list, tf = "api_stages", live = "apiStages" },
    ["throttle.rate"] = { number, tf = "throttle_settings.rate_limit", live = "throttle.rateLimit", default = 0 },
    ["throttle.burst"] = { number, tf = "throttle_settings.burst_limit", live = "throttle.burstLimit", default = 0 },
  },
}

entity "aws.apigateway.http_api" {
  doc = "An HTTP or WebSocket API.",
  terraform = { "aws_apigatewayv2_api" },
  live = { "aws:apigateway:api" },
  id = { "id", "arn", "name", "ApiId" },
  tags = "tags",
  satellites = { firewall = { "aws_wafv2_web_acl_association", by = "resource_arn" } },
  fields = {
    name = { string, tf = "name", live = "Name" },
    protocol = { string, tf = "protocol_type", live = "ProtocolType" },
  },
}

entity "aws.apigateway.http_stage" {
  doc = "A deployed HTTP or WebSocket API.",
  terraform = { "aws_apigatewayv2_stage" },
  live = { "aws:apigateway:httpstage" },
  id = { "id", "arn" },
  tags = "tags",
  fields = {
    api = { string, tf = "api_id", live = "ApiId" },
    stage_name = { string, tf = "name", live = "StageName" },
    ["log.destination"] = { string, tf = "access_log_settings.destination_arn", live = "AccessLogSettings.DestinationArn" },
    certificate = { string, tf = "client_certificate_id", live = "ClientCertificateId" },
    ["throttle.rate"] = { number, tf = "default_route_settings.throttling_rate_limit",
      live = "DefaultRouteSettings.ThrottlingRateLimit", default = 0 },
    ["throttle.burst"] = { number, tf = "default_route_settings.throttling_burst_limit",
      live = "DefaultRouteSettings.ThrottlingBurstLimit", default = 0 },
  },
  edges = { { "logs_to", tf = "access_log_settings.destination_arn", live = "AccessLogSettings.DestinationArn" } },
}

entity "aws.apigateway.route" {
  doc = "A route of an HTTP or WebSocket API.",
  terraform = { "aws_apigatewayv2_route" },
  live = { "aws:apigateway:route" },
  id = { "id" },
  fields = {
    api = { string, tf = "api_id", live = "ApiId" },
    key = { string, tf = "route_key", live = "RouteKey" },
    authorization = { string, tf = "authorization_type", live = "AuthorizationType", default = "NONE" },
    key_required = { bool, tf = "api_key_required", live = "ApiKeyRequired", default = false },
  },
}
