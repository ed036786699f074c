"""The generated pages of docs/ (`make docs`) against the program."""
import os

from . import process


def jobs(options):
    return [("docs", lambda: run(options))] if options.wants("docs") else []


def run(options):
    pages = process.run([options.bin, "rules", "docs", "--check", "docs/rules"], options.root, timeout=300)
    yield "docs/rules", pages.code == 0, "out of step, run make docs:\n" + pages.out + pages.err
    for page, command in (("docs/commands.md", ["help", "--markdown"]), ("docs/lua.md", ["rules", "api"])):
        made = process.run([options.bin] + command, options.root)
        with open(os.path.join(options.root, page), encoding="utf-8") as file:
            yield page, file.read() == made.out, "out of step: run make docs"
    schema = process.run([options.bin, "rules", "schema", "--format", "markdown"], options.root, timeout=300)
    with open(os.path.join(options.root, "docs/schema.md"), encoding="utf-8") as file:
        same = file.read() == schema.out
    yield "docs/schema.md", same, "out of step: run make docs"
