#!/bin/sh
# The step of the action: annotations in the log, SARIF in a file, tables in the job's summary. Inputs come in the
# environment and are words of a command line, never a piece of a script.
set -eu

program=${INPUT_ASSAY:-}
if [ -z "$program" ]; then
    top=$(cd "$(dirname "$0")/../.." && pwd)
    make -s -C "$top"
    program=$top/build/assay
fi

newline='
'
# Appends each line of $1 to the arguments.
set -f
IFS=$newline
set --
for line in ${INPUT_ARGS:-}; do
    set -- "$@" "$line"
done
case ${INPUT_DIFF:-} in
auto) [ -z "${GITHUB_BASE_REF:-}" ] || set -- "$@" --diff "origin/$GITHUB_BASE_REF..." ;;
?*) set -- "$@" --diff "$INPUT_DIFF" ;;
esac
sarif=${INPUT_SARIF:-assay.sarif}
summary=${RUNNER_TEMP:-/tmp}/assay-summary.md
set -- "$@" --format github --output "sarif=$sarif" --output "markdown=$summary" --
for line in ${INPUT_PATH:-.}; do
    set -- "$@" "$line"
done
unset IFS

rm -f "$summary"
code=0
"$program" scan "$@" || code=$?
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$summary" ]; then
    cat "$summary" >>"$GITHUB_STEP_SUMMARY"
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then
    printf 'sarif=%s\nexit-code=%s\n' "$sarif" "$code" >>"$GITHUB_OUTPUT"
fi
exit "$code"
