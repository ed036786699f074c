resource "aws_elb" "front" {
  internal        = false
  subnets         = [aws_subnet.public.id]
  security_groups = [aws_security_group.web.id]
  instances       = [aws_instance.app.id]
  listener {
    lb_port           = 443
    lb_protocol       = "tcp"
    instance_port     = 8080
    instance_protocol = "tcp"
  }
}

resource "aws_elb" "other" {
  internal        = false
  subnets         = [aws_subnet.public.id]
  security_groups = [aws_security_group.web.id]
  listener {
    lb_port           = 443
    lb_protocol       = "tcp"
    instance_port     = 8080
    instance_protocol = "tcp"
  }
}

resource "aws_elb_attachment" "more" {
  elb      = aws_elb.other.id
  instance = aws_instance.more.id
}

resource "aws_instance" "more" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.data[0].id
  vpc_security_group_ids = [aws_security_group.app.id]
}

resource "aws_autoscaling_group" "fleet" {
  min_size            = 1
  max_size            = 2
  vpc_zone_identifier = aws_subnet.data[*].id
  load_balancers      = [aws_elb.front.name]
  launch_template {
    id = aws_launch_template.fleet.id
  }
}

resource "aws_launch_template" "fleet" {
  vpc_security_group_ids = [aws_security_group.app.id]
}

resource "aws_security_group" "app" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol        = "tcp"
    from_port       = 8080
    to_port         = 8080
    security_groups = [aws_security_group.web.id]
  }
}

resource "aws_instance" "app" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.data[0].id
  vpc_security_group_ids = [aws_security_group.app.id]
}
