output "x" {
  value = range(1000000000)
}
