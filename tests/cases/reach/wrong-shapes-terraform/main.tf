resource "aws_security_group" "a" {
  ingress = "x"
  egress  = [{}, 3, null]
}
resource "aws_network_acl" "n" {
  ingress = [{ rule_no = "x", action = 3, protocol = [], cidr_block = 4 }]
  subnet_ids = 4
}
resource "aws_subnet" "s" {
  vpc_id = 3
  cidr_block = "x"
}
resource "aws_instance" "i" {
  subnet_id = aws_subnet.s.id
  vpc_security_group_ids = [aws_security_group.a.id, 4, null]
  associate_public_ip_address = "yes"
}
resource "google_compute_instance" "g" {
  network_interface {}
  tags = 3
}
resource "google_compute_firewall" "f" {
  network = 3
  allow { 
   protocol = 99
   ports = [ "x", "5-1", {} ]
  }
}
