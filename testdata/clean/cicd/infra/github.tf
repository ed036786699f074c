terraform {
  required_version = "~> 1.9"
  required_providers {
    github = {
      source  = "integrations/github"
      version = "~> 6.6"
    }
  }
}

resource "github_repository" "api" {
  name                 = "api"
  visibility           = "private"
  vulnerability_alerts = true
}

resource "github_branch_protection" "main" {
  repository_id                   = github_repository.api.node_id
  pattern                         = "main"
  enforce_admins                  = true
  require_signed_commits          = true
  required_linear_history         = true
  require_conversation_resolution = true

  required_pull_request_reviews {
    required_approving_review_count = 2
    dismiss_stale_reviews           = true
    require_code_owner_reviews      = true
    restrict_dismissals             = true
  }

  required_status_checks {
    strict   = true
    contexts = ["test", "scan"]
  }

  restrict_pushes {
    push_allowances = []
  }
}

resource "github_repository_environment" "production" {
  repository  = github_repository.api.name
  environment = "production"

  reviewers {
    teams = [4242]
  }

  deployment_branch_policy {
    protected_branches     = true
    custom_branch_policies = false
  }
}
