#!/usr/bin/env bash
# The committed CustomResourceDefinitions are those that the models generate.
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
.venv/bin/python hack/manifests.py "$fresh"
for folder in crds charts/bitcoincache-operator/files; do
  diff -r "$folder" "$fresh/$folder" || die "$folder is not what the models generate: run 'make manifests' and commit it"
done
