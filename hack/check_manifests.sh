#!/usr/bin/env bash
# What is generated and committed is what the models, and the chart's values, generate.
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
for generator in manifests reference chart_readme; do .venv/bin/python "hack/$generator.py" "$fresh"; done
hack/api_types.sh "$fresh"
for path in crds charts/bitcoincache-operator/files charts/bitcoincache-operator/README.md docs/reference.md \
  frontend/src/lib/api/openapi.d.ts frontend/src/lib/api/rules.ts; do
  diff -r "$path" "$fresh/$path" || die "$path is not what is generated: run 'make manifests' and commit it"
done
