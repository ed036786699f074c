#!/usr/bin/env python3
"""Every format of reports, read by its own consumer: make test-formats.

    tests/formats/validate.py --bin build/assay --multitool PATH

SARIF by Microsoft's sarif-multitool with its rules and those of GitHub, JUnit by the schema of Jenkins' xunit plugin,
GitLab's reports by what their schemas ask for, ASFF by the shape that BatchImportFindings has in botocore, OCSF by
py-ocsf-models, OSCAL by compliance-trestle. Inputs are the sample projects."""
import argparse
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile

import botocore.session
import botocore.validate
import jsonschema
from lxml import etree
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from trestle.oscal.assessment_results import AssessmentResults

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
INPUTS = ["testdata/demo", "testdata/report", "testdata/vulnerable", "testdata/clean", "testdata/secrets"]
FORMATS = ["sarif", "junit", "gitlab", "gitlab-sast", "asff", "ocsf", "csv", "ndjson"]


def schema(name):
    with open(os.path.join(HERE, "schemas", name), encoding="utf-8") as file:
        return json.load(file)


def sarif(text, options):
    with tempfile.NamedTemporaryFile("w", suffix=".sarif", delete=False) as file:
        file.write(text)
    environment = dict(os.environ, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="1")
    result = subprocess.run([options.multitool, "validate", file.name, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"],
                            capture_output=True, text=True, env=environment, check=False)
    os.unlink(file.name)
    said = [line for line in (result.stdout + result.stderr).split("\n") if re.search(r": (error|warning) ", line)]
    assert result.returncode == 0 and not said, "\n".join(said[:10]) or result.stdout + result.stderr


def junit(text, _):
    with open(os.path.join(HERE, "schemas", "junit-10.xsd"), "rb") as file:
        etree.XMLSchema(etree.parse(file)).assertValid(etree.fromstring(text.encode()))


def asff(text, _):
    shape = botocore.session.get_session().get_service_model("securityhub").shape_for("AwsSecurityFinding")
    for finding in json.loads(text):
        report = botocore.validate.ParamValidator().validate(finding, shape)
        assert not report.has_errors(), report.generate_report()
        assert len(finding["Title"]) <= 256 and len(finding["Description"]) <= 1024 and len(finding["Id"]) <= 512
        assert re.fullmatch(r"\d{12}", finding["AwsAccountId"]), finding["AwsAccountId"]
    ids = [finding["Id"] for finding in json.loads(text)]
    assert len(ids) == len(set(ids)), "an id stands twice"


def ocsf(text, _):
    for event in json.loads(text):
        unknown = set(event) - set(ComplianceFinding.model_fields) - {"cloud"}
        assert not unknown, unknown
        ComplianceFinding.model_validate(event)


def csv_table(text, _):
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert {len(row) for row in rows} == {len(rows[0])}, "rows of different length"
    assert not [cell for row in rows for cell in row if cell[:1] in "=+@\t\r" and cell], "a formula"


def ndjson(text, _):
    types = [json.loads(line)["type"] for line in text.splitlines()]
    assert types[-1] == "summary" and types.count("summary") == 1


def oscal(text, _):
    results = json.loads(text)["assessment-results"]
    AssessmentResults(**results)
    for result in results["results"]:
        known = {o["uuid"] for o in result.get("observations", [])}
        items = {i["uuid"] for i in result.get("local-definitions", {}).get("inventory-items", [])}
        for finding in result["findings"]:
            assert all(o["observation-uuid"] in known for o in finding["related-observations"]), finding["title"]
        for observation in result.get("observations", []):
            assert all(s["subject-uuid"] in items for s in observation.get("subjects", [])), observation["title"]


VALIDATORS = {
    "sarif": sarif, "junit": junit, "asff": asff, "ocsf": ocsf, "csv": csv_table, "ndjson": ndjson, "oscal": oscal,
    "gitlab": lambda text, _: jsonschema.validate(json.loads(text), schema("gitlab-code-quality.json")),
    "gitlab-sast": lambda text, _: jsonschema.validate(json.loads(text), schema("gitlab-sast.json")),
}


def written(options, folder, form):
    command = [options.bin, "scan", "--show-passed", "--fail-on", "none", "--format", form, folder]
    if form == "oscal":
        command = [options.bin, "report", "--format", form, folder]
    if folder == "testdata/report":
        command += ["--rules", "testdata/report/rules", "--rule", "T-*"]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.returncode in (0, 3), result.stderr
    return result.stdout


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--bin", default="build/assay")
    parser.add_argument("--multitool", required=True)
    options = parser.parse_args()
    options.bin = os.path.abspath(options.bin)
    passed = failed = 0
    for folder in INPUTS:
        for form in FORMATS + ["oscal"]:
            try:
                VALIDATORS[form](written(options, folder, form), options)
                passed += 1
            except Exception as problem:  # whatever a validator says is a failure of the format
                failed += 1
                print("FAILED %s of %s\n    %s: %s" % (form, folder, type(problem).__name__, str(problem)[:1000]))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
