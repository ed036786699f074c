-- luacheck: no max line length
local kube = lib "kube"
local pod = lib "pod"
local mesh = lib "mesh"
local ingress = lib "ingress"

local balancer = [[
variable "protocol" {}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_route_table" "a" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.a.id
}
resource "aws_security_group" "web" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_lb" "%s" {
  internal        = %s
  subnets         = [aws_subnet.a.id]
  security_groups = [aws_security_group.web.id]
  tags            = { DataClassification = "%s" }
}
resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.%s.arn
  port              = 443
  protocol          = %s
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_lb_target_group" "web" {
  port     = 8080
  protocol = "%s"
  vpc_id   = aws_vpc.main.id
}]]

local function example(name, internal, class, front, back)
  return string.format(balancer, name, internal, class, name, front, back)
end

-- Whether what goes to the workloads is so sensitive that their own network must not see it.
local function guarded(entities)
  if param("encrypt_inside", false) then return true end
  for _, e in ipairs(entities) do
    if known(e.classification) and one_of(e.classification, "confidential", "regulated") then return true end
  end
  return false
end

local function redirects(listener)
  for _, action in ipairs(list(listener.origin == "live" and listener.raw.DefaultActions or listener.raw.default_action)) do
    if one_of(action.type or action.Type, "redirect", "fixed-response") then return true end
  end
  return false
end

local function of_balancer(lb)
  local by, _, how = net.exposed(lb)
  if not by then return end
  return each(lb:edges_to("attached_to"), function(listener)
    if listener.kind ~= "aws.elb.listener" then return end
    local protocol = listener.protocol
    if protocol == "HTTP" and not redirects(listener) then
      how[#how + 1] = { listener, "clear text" }
      return fail("clients reach " .. lb.name .. " from the internet in plain HTTP on port " .. tostring(listener.port)
        .. "; use HTTPS, and redirect to it", { case = "entry", evidence = how })
    end
    if not one_of(protocol, "HTTPS", "TLS") then return end
    for _, group in ipairs(listener:edges_from("routes_to")) do
      if group.kind == "aws.elb.target_group" and one_of(group.protocol, "HTTP", "TCP") and group.target ~= "lambda"
          and guarded { lb, group } then
        how[#how + 1] = { group, "clear text" }
        return fail("what clients send to " .. lb.name .. " over TLS goes on to " .. group.name .. " in plain " .. group.protocol
          .. "; use HTTPS or TLS towards the targets", { case = "inside", evidence = how })
      end
    end
  end)
end

local function is_encrypted(e, workload)
  for _, name in ipairs { "nginx.ingress.kubernetes.io/backend-protocol", "alb.ingress.kubernetes.io/backend-protocol" } do
    local protocol = kube.annotation(e, name)
    if protocol and one_of(upper(protocol), "HTTPS", "GRPCS") then return true end
  end
  return mesh.injected(workload) and mesh.strict(pod.namespace(workload), pod.labels(workload))
end

local function of_ingress(e)
  local exposure, why = ingress.exposure(e)
  if exposure == "internal" then return end
  local elsewhere, hosts = ingress.certificate_elsewhere(e), ingress.tls_hosts(e)
  return each(ingress.rules(e), function(rule)
    local host = rule.host or ""
    local covered = elsewhere or (host == "" and pod.first_key(hosts) ~= nil) or (host ~= "" and ingress.covers(hosts, host))
    if not covered then
      if not exposure then unknown(why) end
      return fail("clients reach " .. (host ~= "" and host or e.name) .. " from the internet in plain HTTP; list the host under spec.tls",
        { case = "entry", at = rule })
    end
    for _, path in ipairs(ingress.paths(e, rule)) do
      local name = ingress.service(e, path.backend)
      local service = name and graph.find("k8s.service", pod.namespace(e), name)
      for _, workload in ipairs(service and service:edges_from("selects") or {}) do
        if workload.kind == "k8s.workload" and guarded { e, workload } and not is_encrypted(e, workload) then
          if not exposure then unknown(why) end
          return fail("what clients send to " .. (host ~= "" and host or e.name) .. " over TLS goes on to " .. workload.name
            .. " in clear text; name HTTPS as the backend's protocol, or demand mutual TLS in the mesh",
            { case = "inside", at = rule, evidence = { { service, "clear text" }, { workload, "its end" } } })
        end
      end
    end
  end)
end

local function manifests(name, tls, label)
  return string.format([[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: %s, annotations: { alb.ingress.kubernetes.io/scheme: internet-facing } }
spec:
  ingressClassName: alb
  %s
  rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { data-classification: %s } }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: "shop/web:1" }] } }
]], name, tls, label)
end

local TLS = "tls: [{ hosts: [shop.example.com], secretName: shop }]"

return rule {
  id = "GRAPH-018", title = "Data in transit is unencrypted somewhere on the path", severity = "high", category = "encryption",
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = { "aws.elb.load_balancer", "k8s.ingress" },
  description = [[From the client to the workload every hop counts: one that carries clear text lets whoever sits there read and change
what all others protect. The hop from the internet must be encrypted always; the one behind a load balancer or ingress that ends TLS where
the data is confidential or regulated (by the tags of what takes part), or where the parameter `encrypt_inside` asks for it.]],
  remediation = [[Use HTTPS or TLS for the listener and towards the targets; in a mesh, demand mutual TLS (`mode: STRICT`).]],
  references = { "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html",
    "https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/" },
  check = function(e)
    if e.kind == "k8s.ingress" then return of_ingress(e) end
    return of_balancer(e)
  end,
  tests = {
    fail = {
      example("fire", "false", "internal", '"HTTP"', "HTTP"),
      example("fire", "false", "regulated", '"HTTPS"', "HTTP"),
      "# parameters: {\"encrypt_inside\": true}\n" .. example("fire", "false", "internal", '"HTTPS"', "HTTP"),
      yaml(manifests("fire", "", "internal")),
      yaml(manifests("fire", TLS, "regulated")),
    },
    pass = {
      example("dont_fire", "false", "regulated", '"HTTPS"', "HTTPS"),
      example("dont_fire", "false", "internal", '"HTTPS"', "HTTP"),
      example("dont_fire", "true", "internal", '"HTTP"', "HTTP"),
      yaml(manifests("dont-fire", TLS, "internal")),
    },
    unknown = { example("a", "false", "internal", "var.protocol", "HTTP") },
  },
}
