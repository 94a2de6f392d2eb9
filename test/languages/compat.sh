#!/usr/bin/env bash
# Whether the API breaks who uses the last release: jsii-diff between its tag, compiled as it was, and this tree, compiled already.
# What breaks on purpose is named in .compatignore, and in the changelog. Before the first tag there is nobody to break.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
tag=$(git tag --list 'v[0-9]*' --merged HEAD --no-contains HEAD --sort=-v:refname | head -n 1)
[[ -n $tag ]] || { echo 'no release yet: nothing to be compatible with'; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git archive "$tag" | tar -x -C "$work"
ln -s "$root/node_modules" "$work/node_modules"
(cd "$work" && "$root/node_modules/.bin/jsii" --silence-warnings=reserved-word)
ignore=()
[[ ! -f .compatignore ]] || ignore=(--ignore-file .compatignore)
"$root/node_modules/.bin/jsii-diff" "$work" "$root" --keys "${ignore[@]}"
printf 'the API breaks nobody who uses %s\n' "$tag"
