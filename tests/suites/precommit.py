"""The hooks of .pre-commit-hooks.yaml through pre-commit itself, where it is installed."""
import os
import shutil
import tempfile

from . import process

BAD = 'resource "aws_kms_key" "k" {\n  description = "k"\n}\n'
GOOD = 'resource "aws_kms_key" "k" {\n  description         = "k"\n  enable_key_rotation = true\n}\n'
CONFIG = 'rules: { exclude: [AWS-KMS-003] }\n'


def git(top, *argv):
    options = ["-c", "user.name=n", "-c", "user.email=e@example.com", "-c", "commit.gpgsign=false"]
    result = process.run(["git", *options, *argv], top)
    assert result.code == 0, result.err
    return result.out


def write(top, text):
    with open(os.path.join(top, "main.tf"), "w", encoding="utf-8") as file:
        file.write(text)


def manifest(options, top):
    """The hooks as a repository of their own: pre-commit clones what it is given."""
    hooks = os.path.join(top, "hooks")
    os.mkdir(hooks)
    shutil.copy(os.path.join(options.root, ".pre-commit-hooks.yaml"), hooks)
    git(hooks, "init", "-q")
    git(hooks, "add", "-A")
    git(hooks, "commit", "-qm", "hooks")
    return hooks


def run(options, pre_commit):
    with tempfile.TemporaryDirectory() as top:
        hooks, repo = manifest(options, top), os.path.join(top, "repo")
        os.mkdir(repo)
        git(repo, "init", "-q")
        with open(os.path.join(repo, ".assay.yaml"), "w", encoding="utf-8") as file:
            file.write(CONFIG)
        env = process.environment(top, os.path.dirname(options.bin))

        def hook(name):
            return process.run([pre_commit, "try-repo", hooks, name], repo, env, timeout=120)

        for name in ("assay", "assay-staged"):
            write(repo, BAD)
            git(repo, "add", "-A")
            failed = hook(name)
            write(repo, GOOD)
            git(repo, "add", "-A")
            passed = hook(name)
            ok = failed.code == 1 and "AWS-KMS-001" in failed.out and passed.code == 0
            yield "precommit/" + name, ok, failed.out + failed.err + passed.out + passed.err
        write(repo, BAD)
        git(repo, "add", "-A")
        first = hook("assay-fix")
        with open(os.path.join(repo, "main.tf"), encoding="utf-8") as file:
            mended = file.read() == GOOD
        git(repo, "add", "-A")
        yield "precommit/assay-fix", first.code == 1 and mended and hook("assay-fix").code == 0, first.out + first.err


def jobs(options):
    if not options.wants("precommit"):
        return []
    pre_commit = shutil.which("pre-commit")
    if not pre_commit:
        return [("precommit", lambda: [("precommit", None, "pre-commit is not installed")])]
    return [("precommit", lambda: run(options, pre_commit))]
