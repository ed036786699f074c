#!/usr/bin/env python3
"""Writes aws_shapes.tsv: how requests and answers of the operations in aws_plan.tsv look on the wire.

    aws_shapes.py aws_plan.tsv >aws_shapes.tsv     (needs botocore, whose models hold the facts)

Lines:
    service  NAME  HOST-PREFIX  REGIONS      (where the service was known to be, with a comma on both sides)
    op       NAME:OPERATION  INPUT  OUTPUT
    shape    NAME  SHAPE  KIND  MEMBERS

INPUT is a list of PARAMETER:PLACE:WIRE:TYPE, the place u (path), q (query), h (header), b (body).
OUTPUT is WRAPPER/TYPE, or =MEMBER:TYPE when the whole body is that member.
TYPE is s (text), i, f, b (boolean), t (time), x (base64), p (policy: URL-encoded JSON), @SHAPE; in
inputs fT is a flat list, l(WIRE)T a list with named elements, {NAME:WIRE:T,…} a structure.
KIND is s (MEMBERS are NAME:WIRE:TYPE; a ~ before the type: elements of the list stand for
themselves, a ! before the wire name: an attribute), l (WIRE:TYPE of an element) or m
(KEY-WIRE:VALUE-WIRE:TYPE of a map). Of JSON answers only shapes with something to translate are
kept: times, other names."""
import json
import sys

import botocore
import botocore.session

SCALARS = {"string": "s", "character": "s", "integer": "i", "long": "i", "short": "i", "byte": "i", "bigdecimal": "f",
           "float": "f", "double": "f", "boolean": "b", "timestamp": "t", "blob": "x"}
XML = ("query", "ec2", "rest-xml")
SESSION = botocore.session.get_session()
PREFER = ("query", "ec2", "json", "rest-json", "rest-xml")
# What the operations table uses, where a service speaks several protocols.
PROTOCOLS = {"cloudwatch": "json", "sqs": "json", "directconnect": "json", "route53domains": "json"}


class Service:
    def __init__(self, name):
        self.model = SESSION.get_service_model(name)
        self.name = name
        meta = self.model.metadata
        self.protocol = PROTOCOLS.get(name, meta["protocol"])
        self.xml = self.protocol in XML
        self.shapes, self.useful = {}, {}

    def scalar(self, shape):
        if shape.name in ("policyDocumentType",) and self.name == "iam":
            return "p"
        return SCALARS[shape.type_name]

    def wire(self, member, name):
        return member.serialization.get("name", name)

    # --- answers

    def is_useful(self, shape, seen=()):
        """Whether a JSON answer of that shape differs from what the CLI prints."""
        if shape.name in seen:
            return False
        if shape.name not in self.useful:
            seen = seen + (shape.name,)
            if shape.type_name == "structure":
                self.useful[shape.name] = any(
                    self.wire(m, n) != n or self.is_useful(m, seen) for n, m in shape.members.items())
            elif shape.type_name == "list":
                self.useful[shape.name] = self.is_useful(shape.member, seen)
            elif shape.type_name == "map":
                self.useful[shape.name] = self.is_useful(shape.value, seen)
            else:
                self.useful[shape.name] = shape.type_name == "timestamp"
        return self.useful[shape.name]

    def type_of(self, shape):
        if shape.type_name not in ("structure", "list", "map"):
            return self.scalar(shape)
        self.add(shape)
        return "@" + shape.name

    def add(self, shape):
        if shape.name in self.shapes:
            return
        self.shapes[shape.name] = None
        if shape.type_name == "structure":
            members = []
            for name, member in shape.members.items():
                place = member.serialization.get("location")
                if place in ("header", "headers", "statusCode"):
                    continue
                wire = self.wire(member, name)
                if not self.xml and wire == name and not self.is_useful(member):
                    continue
                flat = member.type_name in ("list", "map") and member.serialization.get("flattened")
                if flat and member.type_name == "list" and "name" not in member.serialization:
                    wire = member.member.serialization.get("name", name)
                if member.serialization.get("xmlAttribute"):
                    wire = "!" + wire.split(":")[-1]
                members.append("%s:%s:%s%s" % (name, wire, "~" if flat else "", self.type_of(member)))
            self.shapes[shape.name] = ("s", " ".join(members))
        elif shape.type_name == "list":
            wire = shape.member.serialization.get("name", "item" if self.protocol == "ec2" else "member")
            self.shapes[shape.name] = ("l", "%s:%s" % (wire, self.type_of(shape.member)))
        else:
            self.shapes[shape.name] = ("m", "%s:%s:%s" % (
                shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value"),
                self.type_of(shape.value)))

    def output(self, operation):
        shape = operation.output_shape
        if shape is None:
            return ""
        payload = shape.serialization.get("payload")
        if payload:
            member = shape.members[payload]
            if not self.xml and not self.is_useful(member):
                return "=%s:s" % payload
            return "=%s:%s" % (payload, self.type_of(member))
        if not self.xml and not self.is_useful(shape):
            return ""
        return "%s/%s" % (shape.serialization.get("resultWrapper", ""), self.type_of(shape))

    # --- requests

    def query_name(self, member, name):
        if self.protocol == "ec2":
            if "queryName" in member.serialization:
                return member.serialization["queryName"]
            name = member.serialization.get("name", name)
            return name[0].upper() + name[1:]
        return member.serialization.get("name", name)

    def input_type(self, shape):
        if shape.type_name == "list":
            inner = self.input_type(shape.member)
            if self.protocol == "ec2" or shape.serialization.get("flattened"):
                return "f" + inner
            return "l(%s)%s" % (shape.member.serialization.get("name", "member"), inner)
        if shape.type_name == "structure":
            return "{%s}" % ",".join("%s:%s:%s" % (n, self.query_name(m, n), self.input_type(m))
                                     for n, m in shape.members.items())
        return "s"

    def parameter(self, name, member):
        place = member.serialization.get("location", "body")
        letter = {"uri": "u", "querystring": "q", "header": "h", "body": "b"}[place]
        wire = member.serialization.get("name", name)
        kind = "s"
        if letter == "b" and self.protocol in ("query", "ec2"):
            wire = self.query_name(member, name)
            kind = self.input_type(member)
            if member.type_name == "list" and self.protocol == "query" and kind.startswith("f") \
                    and "name" not in member.serialization:
                wire = member.member.serialization.get("name", wire)
        return "%s:%s:%s:%s" % (name, letter, wire, kind)

    def input(self, operation, wanted):
        shape = operation.input_shape
        members = shape.members if shape is not None else {}
        for name in wanted:
            assert name in members, "%s has no parameter %s" % (operation.name, name)
        for name in (shape.required_members if shape is not None else ()):
            assert name in wanted, "%s needs %s" % (operation.name, name)
        return " ".join(self.parameter(n, m) for n, m in members.items() if n in wanted)


def read(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#") and line.strip():
                yield line.rstrip("\n").split("\t")


def main():
    folder = sys.argv[1].rsplit("/", 1)[0] if "/" in sys.argv[1] else "."
    pages = {}
    for row in read(folder + "/aws_operations.tsv"):
        names = set()
        if row[7]:
            names.update(row[7].split("<")[0].split("+"))
            names.update(part[6:] for part in row[7].split() if part.startswith("limit="))
        pages[row[0] + ":" + row[5]] = (row, names)
    wanted = {"sts:AssumeRole": {"RoleArn", "RoleSessionName", "ExternalId", "DurationSeconds", "SerialNumber", "TokenCode"},
              "sts:AssumeRoleWithWebIdentity": {"RoleArn", "RoleSessionName", "WebIdentityToken", "DurationSeconds"},
              "ec2:DescribeRegions": set()}
    for row in read(sys.argv[1]):
        params = json.loads(row[4]) if len(row) > 4 and row[4] else {}
        wanted.setdefault(row[1], set()).update(n for n in params if not n.startswith("@"))
        assert row[1] in pages, row[1]
        if "@limit" in params:
            assert "limit=" in pages[row[1]][0][7], row[1]
    services = {}
    print("# Written by aws_shapes.py from the models of botocore %s (Apache-2.0)." % botocore.__version__)
    ops = []
    for op in sorted(wanted):
        service, operation = op.split(":")
        s = services.setdefault(service, Service(service))
        model = s.model.operation_model(operation)
        required = set(model.input_shape.required_members) if model.input_shape is not None else set()
        names = wanted[op]
        assert not required - names, "%s needs %s" % (op, required - names)
        members = set(model.input_shape.members) if model.input_shape is not None else set()
        names |= pages[op][1] & members
        ops.append("op\t%s\t%s\t%s" % (op, s.input(model, names), s.output(model)))
    for name in sorted(services):
        regions = [r for partition in ("aws", "aws-cn", "aws-us-gov")
                   for r in SESSION.get_available_regions(name, partition)]
        print("service\t%s\t%s\t,%s," % (name, services[name].model.metadata["endpointPrefix"], ",".join(regions)))
    print("\n".join(ops))
    for name in sorted(services):
        for shape, found in sorted(services[name].shapes.items()):
            print("shape\t%s\t%s\t%s\t%s" % (name, shape, *found))


if __name__ == "__main__":
    main()
