output "v" { value = "part" }
