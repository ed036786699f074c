resource "aws_vpc" "provider" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "provider" {
  vpc_id     = aws_vpc.provider.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "balancer" {
  vpc_id = aws_vpc.provider.id
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/16"]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lb" "api" {
  load_balancer_type = "network"
  internal           = true
  subnets            = [aws_subnet.provider.id]
  security_groups    = [aws_security_group.balancer.id]
}

resource "aws_lb_target_group" "api" {
  port     = 8443
  protocol = "TCP"
  vpc_id   = aws_vpc.provider.id
}

resource "aws_lb_listener" "api" {
  load_balancer_arn = aws_lb.api.arn
  port              = 443
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }
}

resource "aws_lb_target_group_attachment" "api" {
  target_group_arn = aws_lb_target_group.api.arn
  target_id        = aws_instance.api.id
}

resource "aws_security_group" "api" {
  vpc_id = aws_vpc.provider.id
  ingress {
    protocol        = "tcp"
    from_port       = 8443
    to_port         = 8443
    security_groups = [aws_security_group.balancer.id]
  }
}

resource "aws_instance" "api" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.provider.id
  vpc_security_group_ids = [aws_security_group.api.id]
}

resource "aws_vpc_endpoint_service" "api" {
  acceptance_required        = false
  network_load_balancer_arns = [aws_lb.api.arn]
}

resource "aws_vpc" "consumer" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "consumer" {
  vpc_id     = aws_vpc.consumer.id
  cidr_block = "10.0.9.0/24"
}

resource "aws_security_group" "endpoint" {
  vpc_id = aws_vpc.consumer.id
  ingress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    security_groups = [aws_security_group.worker.id]
  }
}

resource "aws_vpc_endpoint" "api" {
  vpc_id             = aws_vpc.consumer.id
  service_name       = aws_vpc_endpoint_service.api.service_name
  vpc_endpoint_type  = "Interface"
  subnet_ids         = [aws_subnet.consumer.id]
  security_group_ids = [aws_security_group.endpoint.id]
}

resource "aws_security_group" "worker" {
  vpc_id = aws_vpc.consumer.id
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "worker" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.consumer.id
  vpc_security_group_ids = [aws_security_group.worker.id]
}
