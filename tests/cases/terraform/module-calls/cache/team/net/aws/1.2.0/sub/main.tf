output "v" { value = "sub of 1.2.0" }
