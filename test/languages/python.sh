#!/usr/bin/env bash
# Builds the Python package, and compares what examples/quickstart.py writes with what examples/quickstart.ts writes.
# Needs python3 with venv and pip, and a compiled library (npx projen compile).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1
python3 -c 'import venv, ensurepip' || { echo 'python3 lacks venv: apt-get install python3-venv' >&2; exit 1; }

cd "$root"
npx jsii-pacmak --target python --outdir "$work/dist"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "$work"/dist/python/*.whl

mkdir "$work/typescript" "$work/python"
npm run -s demo >/dev/null
cp dist/demo/pki/* "$work/typescript"
cp dist/demo/pki/* "$work/python"
(cd "$work/python" && "$work/venv/bin/python" "$root/examples/quickstart.py")
ROOT=$root node -e "
  const text = require('fs').readFileSync('examples/quickstart.ts', 'utf8').replace('cdk8s-openshift-ipsec', process.env.ROOT + '/lib');
  process.stdout.write(require('typescript').transpileModule(text, { compilerOptions: { module: 'commonjs' } }).outputText);" >"$work/quickstart.js"
(cd "$work/typescript" && NODE_PATH="$root/node_modules" node "$work/quickstart.js")
ls "$work"/python/dist/*-ipsec-*.k8s.yaml >/dev/null
diff -r "$work/typescript/dist" "$work/python/dist"
echo 'python: the quickstart writes the same bytes'
