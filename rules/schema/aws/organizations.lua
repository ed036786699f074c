-- The organisation, its accounts and policies; what is known of an account as a whole.

entity "aws.organizations.organization" {
  doc = "Accounts under one owner.",
  terraform = { "aws_organizations_organization" },
  live = { "aws:organizations:organization" },
  id = { "id", "arn", "Id" },
  fields = {
    features = { string, tf = "feature_set", live = "FeatureSet", default = "ALL" },
    policy_types = { list, tf = "enabled_policy_types", live = "PolicyTypes" },
    manager = { string, live = "MasterAccountId" },
  },
}

entity "aws.organizations.unit" {
  doc = "Accounts that are governed alike.",
  terraform = { "aws_organizations_organizational_unit" },
  live = { "aws:organizations:ou" },
  id = { "name", "id", "arn", "Id" },
  tags = "tags",
  fields = { name = { string, tf = "name", live = "Name" }, parent = { string, tf = "parent_id", live = "ParentId" } },
}

entity "aws.organizations.account" {
  doc = "An account of the organisation.",
  terraform = { "aws_organizations_account" },
  live = { "aws:organizations:account" },
  id = { "name", "id", "arn", "Id" },
  tags = "tags",
  fields = {
    name = { string, tf = "name", live = "Name" },
    parent = { string, tf = "parent_id", live = "ParentId" },
    policies = { list, live = "ServiceControlPolicies", doc = "Those that reach the account, with Name and Content." },
  },
}

entity "aws.organizations.policy" {
  doc = "What accounts may do at most.",
  terraform = { "aws_organizations_policy" },
  live = { "aws:organizations:policy" },
  id = { "name", "id", "arn", "Id" },
  tags = "tags",
  fields = {
    name = { string, tf = "name", live = "Name" },
    sort = { string, tf = "type", live = "Type", default = "SERVICE_CONTROL_POLICY" },
    content = { string, tf = "content", live = "Content" },
  },
}

entity "aws.organizations.attachment" {
  doc = "Whom a policy of the organisation reaches.",
  terraform = { "aws_organizations_policy_attachment" },
  id = { "id" },
  fields = { policy = { string, tf = "policy_id" }, target = { string, tf = "target_id" } },
  edges = { { "attached_to", tf = "target_id" } },
}

entity "aws.account" {
  doc = "An account as a whole.",
  live = { "aws:account:account" },
  id = { "AccountId" },
  fields = {
    budgets = { list, live = "Budgets", doc = "With their Notifications." },
    monitors = { list, live = "AnomalyMonitors" },
    subscriptions = { list, live = "AnomalySubscriptions" },
    shield = { string, live = "SubscriptionState" },
  },
}

entity "aws.account.region" {
  doc = "A region of an account: what is on in it.",
  live = { "aws:account:region" },
  id = { "Region" },
  fields = {
    used = { bool, live = "Used", doc = "The region holds resources." },
    analyzers = { list, live = "Analyzers" },
    detectors = { list, live = "Detectors" },
    recorders = { list, live = "ConfigurationRecorders" },
    hub = { string, live = "Hub.HubArn" },
    inspector = { string, live = "Inspector.state.status" },
    macie = { string, live = "Macie.status" },
  },
}

entity "aws.budgets.budget" {
  doc = "A limit of costs, and who hears of it.",
  terraform = { "aws_budgets_budget" },
  live = { "aws:budgets:budget" },
  id = { "name", "id", "arn", "BudgetName" },
  tags = "tags",
  fields = {
    name = { string, tf = { "name", "name_prefix" }, live = "BudgetName" },
    sort = { string, tf = "budget_type", live = "BudgetType" },
    notifications = { list, tf = "notification", live = "Notifications" },
  },
}

entity "aws.ce.monitor" {
  doc = "Looks for unusual costs.",
  terraform = { "aws_ce_anomaly_monitor" },
  live = { "aws:ce:anomalymonitor" },
  id = { "name", "id", "arn", "MonitorArn" },
  tags = "tags",
  fields = { name = { string, tf = "name", live = "MonitorName" } },
}

entity "aws.ce.subscription" {
  doc = "Who hears of unusual costs.",
  terraform = { "aws_ce_anomaly_subscription" },
  live = { "aws:ce:anomalysubscription" },
  id = { "name", "id", "arn", "SubscriptionArn" },
  tags = "tags",
  fields = {
    name = { string, tf = "name", live = "SubscriptionName" },
    monitors = { list, tf = "monitor_arn_list", live = "MonitorArnList" },
  },
}

entity "aws.savingsplans.coverage" {
  doc = "How much of the steady hours of a service is bought in advance.",
  live = { "aws:savingsplans:coverage" },
  fields = {
    service = { string, live = "Service" },
    on_demand = { number, live = "OnDemandHours" },
    covered = { number, live = "CoveredHours" },
  },
}
