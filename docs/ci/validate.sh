#!/bin/sh
# For any other pipeline: validate.sh [REV], where REV is what the change is compared with.
# Ends with 0 when the configuration is valid, 1 when it is not, and more than 1 when cfg could not look.
set -eu
base=${1:-}
cfg=${CFG:-cfg}
set -- validate
if [ -n "$base" ]; then set -- "$@" --since "$base"; fi
status=0
$cfg "$@" --format junit > cfg-junit.xml || status=$?
if [ "$status" -gt 1 ]; then exit "$status"; fi
$cfg "$@"
