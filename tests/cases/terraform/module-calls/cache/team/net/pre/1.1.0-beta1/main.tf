output "v" { value = "1.1.0-beta1" }
