-- Metrics, alerts, logs, traces and dashboards.

entity "prometheus.server" {
  doc = "A Prometheus server that an operator runs.",
  kubernetes = {
    "monitoring.coreos.com/Prometheus", "monitoring.coreos.com/PrometheusAgent",
    "monitoring.googleapis.com/OperatorConfig",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    admin_api = { bool, "spec.enableAdminAPI", default = false },
  },
  edges = {
    { "runs_as", "spec.serviceAccountName", to = "k8s.serviceaccount" },
  },
}

entity "prometheus.alertmanager" {
  doc = "An Alertmanager that an operator runs.",
  kubernetes = { "monitoring.coreos.com/Alertmanager" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "runs_as", "spec.serviceAccountName", to = "k8s.serviceaccount" },
  },
}

entity "prometheus.monitor" {
  doc = "What Prometheus scrapes.",
  kubernetes = {
    "monitoring.coreos.com/ServiceMonitor", "monitoring.coreos.com/PodMonitor", "monitoring.coreos.com/Probe",
    "monitoring.coreos.com/ScrapeConfig", "monitoring.googleapis.com/PodMonitoring",
    "operator.victoriametrics.com/VMServiceScrape", "operator.victoriametrics.com/VMPodScrape",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "selects", ["monitoring.coreos.com/ServiceMonitor"] = "spec.selector", to = "k8s.service", match = "selector" },
    { "selects", ["monitoring.coreos.com/PodMonitor"] = "spec.selector", to = "k8s.workload", match = "selector" },
  },
}

entity "prometheus.rule" {
  doc = "Alerts and recorded series.",
  kubernetes = { "monitoring.coreos.com/PrometheusRule", "operator.victoriametrics.com/VMRule" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "prometheus.alertmanagerconfig" {
  doc = "Routes and receivers of alerts.",
  kubernetes = { "monitoring.coreos.com/AlertmanagerConfig" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "prometheus.ruler" {
  doc = "A Thanos ruler.",
  kubernetes = { "monitoring.coreos.com/ThanosRuler" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "grafana.instance" {
  doc = "A Grafana that an operator runs.",
  kubernetes = { "grafana.integreatly.org/Grafana", "integreatly.org/Grafana" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "grafana.object" {
  doc = "Dashboards, folders and data sources.",
  kubernetes = {
    "grafana.integreatly.org/GrafanaDashboard", "grafana.integreatly.org/GrafanaDatasource",
    "grafana.integreatly.org/GrafanaFolder",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "loki.stack" {
  doc = "A Loki that an operator runs.",
  kubernetes = { "loki.grafana.com/LokiStack", "tempo.grafana.com/TempoStack" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "jaeger.instance" {
  doc = "A Jaeger that an operator runs.",
  kubernetes = { "jaegertracing.io/Jaeger" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "opentelemetry.collector" {
  doc = "A collector of telemetry.",
  kubernetes = { "opentelemetry.io/OpenTelemetryCollector", "opentelemetry.io/Instrumentation" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "elasticsearch.cluster" {
  doc = "An Elasticsearch or Kibana that an operator runs.",
  kubernetes = {
    "elasticsearch.k8s.elastic.co/Elasticsearch", "kibana.k8s.elastic.co/Kibana",
    "opensearch.opster.io/OpenSearchCluster",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "logging.pipeline" {
  doc = "Flows and outputs of log operators.",
  kubernetes = {
    "logging.banzaicloud.io/Logging", "logging.banzaicloud.io/Flow", "logging.banzaicloud.io/Output",
    "logging.banzaicloud.io/ClusterFlow", "logging.banzaicloud.io/ClusterOutput",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}
