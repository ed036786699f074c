resource "aws_instance" "bad" {
  count         = 1000000000
  instance_type = "t3.micro"
}
resource "aws_instance" "worse" {
  ami = "x${1 + "a"}"
}
resource "aws_instance" "good" {
  ami = "ami-1"
}
