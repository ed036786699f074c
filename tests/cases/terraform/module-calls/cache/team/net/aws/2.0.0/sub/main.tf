output "v" { value = "sub of 2.0.0" }
