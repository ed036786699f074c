-- Charts that Terraform installs. Charts themselves are of the parser's own types (helm.chart).

entity "helm.release" {
  doc = "A chart that Terraform installs into a cluster.",
  terraform = { "helm_release" },
  id = { "id" },
  fields = {
    chart = { string, tf = "chart", doc = "Its name in the repository, a folder, or an address." },
    repository = { string, tf = "repository" },
    version = { string, tf = "version" },
    namespace = { string, tf = "namespace", default = "default" },
    verify = { bool, tf = "verify", default = false, doc = "The provenance file is checked." },
    ["atomic"] = { bool, tf = "atomic", default = false },
  },
}
