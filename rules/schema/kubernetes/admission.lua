-- What admits, changes or refuses objects.

entity "k8s.webhookconfiguration" {
  doc = "Webhooks that are asked about objects.",
  kubernetes = {
    "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
    "admissionregistration.k8s.io/MutatingWebhookConfiguration",
  },
  terraform = {
    "kubernetes_validating_webhook_configuration", "kubernetes_validating_webhook_configuration_v1",
    "kubernetes_mutating_webhook_configuration", "kubernetes_mutating_webhook_configuration_v1",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "routes_to", "webhooks[].clientConfig.service", to = "k8s.service", match = "reference" },
  },
}

entity "k8s.admissionpolicy" {
  doc = "Policies in CEL that the API server evaluates.",
  kubernetes = {
    "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
    "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
    "admissionregistration.k8s.io/MutatingAdmissionPolicy",
    "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "references", "spec.policyName", to = "k8s.admissionpolicy" },
  },
}

entity "kyverno.policy" {
  doc = "Policies of Kyverno.",
  kubernetes = {
    "kyverno.io/ClusterPolicy", "kyverno.io/Policy", "policies.kyverno.io/ValidatingPolicy",
    "policies.kyverno.io/ImageValidatingPolicy", "policies.kyverno.io/MutatingPolicy",
    "policies.kyverno.io/GeneratingPolicy",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "kyverno.exception" {
  doc = "Exceptions from policies of Kyverno.",
  kubernetes = { "kyverno.io/PolicyException", "policies.kyverno.io/PolicyException" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "gatekeeper.template" {
  doc = "Policies of Gatekeeper.",
  kubernetes = { "templates.gatekeeper.sh/ConstraintTemplate" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "gatekeeper.config" {
  doc = "Settings of Gatekeeper.",
  kubernetes = {
    "config.gatekeeper.sh/Config", "mutations.gatekeeper.sh/Assign", "mutations.gatekeeper.sh/AssignMetadata",
    "mutations.gatekeeper.sh/ModifySet", "expansion.gatekeeper.sh/ExpansionTemplate",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "sigstore.policy" {
  doc = "Which images are signed by whom.",
  kubernetes = { "policy.sigstore.dev/ClusterImagePolicy" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "k8s.customresourcedefinition" {
  doc = "A kind that the cluster learns.",
  kubernetes = { "apiextensions.k8s.io/CustomResourceDefinition" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "k8s.runtimeclass" {
  doc = "A way to run containers.",
  kubernetes = { "node.k8s.io/RuntimeClass" },
  terraform = { "kubernetes_runtime_class_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}
