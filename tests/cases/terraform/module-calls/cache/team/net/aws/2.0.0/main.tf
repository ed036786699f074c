output "v" { value = "2.0.0" }
