-- Ansible: playbooks, roles, variables.

entity "ansible.play" {
  doc = "A play of a playbook.",
  files = { "ansible.play" },
  fields = { hosts = { any, "hosts" } },
}

entity "ansible.task" {
  doc = "A task or handler of a play or role.",
  files = { "ansible.task" },
  fields = {
    module = { string, "@extra.module", doc = "Name of the module, without ansible.builtin." },
    args = { any, "@extra.args", doc = "Its arguments; of the free form what is no key=value is _raw." },
    no_log = { any, "@extra.no_log", doc = "As set on the task, or a block or play around it." },
    ignore_errors = { any, "@extra.ignore_errors", doc = "As set on the task, or a block or play around it." },
    rescued = { bool, "@extra.rescued", doc = "A block around it has a rescue." },
  },
  edges = { { "contains", all = "@extra.play", reverse = true } },
}

entity "ansible.block" {
  doc = "A block of tasks.",
  files = { "ansible.block" },
  fields = {
    rescue = { any, "rescue" },
    ignore_errors = { any, "@extra.ignore_errors" },
  },
  edges = { { "contains", all = "@extra.play", reverse = true } },
}

entity "ansible.vars" {
  doc = "A file of variables, an inventory, or the variables of a play.",
  files = { "ansible.vars" },
  fields = {
    entries = { list, "@extra.entries", doc = "Every scalar: path, name, value." },
    vaulted = { bool, "@extra.vaulted", doc = "The whole file is encrypted." },
  },
  edges = { { "contains", all = "@extra.play", reverse = true } },
}

entity "ansible.requirement" {
  doc = "A role or collection that requirements.yml asks for.",
  files = { "ansible.requirement" },
  fields = {
    version = { string, "version" },
    src = { string, "src", "source" },
    sort = { string, "@extra.sort", doc = "role or collection" },
  },
}
