output "x" {
  value = file("../../../etc/passwd")
}
