#!/usr/bin/env bash
# Writes what the page knows of the API, from the API's models: hack/api_types.sh ROOT (ROOT/frontend/src/lib/api).
source "$(dirname "$0")/lib.sh"
folder=$(realpath "$1")/frontend/src/lib/api
cd "$ROOT"
described=$(mktemp -d)
trap 'rm -rf "$described"' EXIT
.venv/bin/python hack/openapi.py "$described"
mkdir -p "$folder"
cp "$described/rules.ts" "$folder"
quietly frontend/node_modules/.bin/openapi-typescript "$described/openapi.json" --output "$folder/openapi.d.ts"
