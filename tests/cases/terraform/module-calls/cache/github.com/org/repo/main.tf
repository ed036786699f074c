output "v" { value = "hub" }
