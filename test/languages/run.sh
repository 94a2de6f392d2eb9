#!/usr/bin/env bash
# Builds the packages, runs examples/quickstart in each language from them, and compares the bytes; and holds what docs/languages.md says.
#   test/languages/run.sh [javascript] [python] [java] [go] [dotnet]     without a word: all but dotnet
# Needs a compiled library (npx projen compile) and what the languages need: python3 with venv, a JDK with Maven, Go, the .NET SDK.
# LANGUAGES_DIST=DIR takes the packages that jsii-pacmak has put there.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
here=$root/test/languages
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=${JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION:-20}
languages=("$@")
((${#languages[@]})) || languages=(javascript python java go)

passed=0 failed=0
holds() { # what, command…: the command ends with 0
  local what=$1
  shift
  if "$@" >"$work/log" 2>&1; then passed=$((passed + 1)); printf 'ok      %s\n' "$what"; return 0; fi
  failed=$((failed + 1))
  printf 'FAILED  %s\n' "$what"
  tail -n 40 "$work/log"
  return 1
}
needs() { # command, Debian package
  command -v "$1" >/dev/null || { printf '%s is missing: apt-get install %s\n' "$1" "$2" >&2; return 1; }
}

# --- what every language is held against

dist=${LANGUAGES_DIST:-$work/artifacts}
pack() { [[ -e $dist/$1 ]] || (cd "$root" && npx jsii-pacmak --rosetta-unknown-snippets fail --target "$1" --outdir "$dist" "${@:2}"); }
folder() { # a folder of its own, with the files of the throwaway PKI
  mkdir -p "$work/$1" && cp "$work"/pki/* "$work/$1/"
}
same_bytes() { # folder
  ls "$work/$1"/dist/*-ipsec-*.k8s.yaml >/dev/null && diff -r "$work/javascript/dist" "$work/$1/dist"
}

# The mistake of test/languages/mistakes.*, and what the library says to it.
MESSAGE="ipsec/cluster: 'clusterMtu' (1) must be a whole number of bytes from 576 to 65536, which is what the Cluster Network Operator takes"
WARNING="warning: ipsec/cluster: 'machineMtu' (1500) is given without 'clusterMtu': whether 46 bytes are left for ESP can't be checked; \
give both (network-mtu-headroom)"
run_into() { # name, command…: its output into $work/name.out and $work/name.err, its code into $work/name.code
  local name=$1
  shift
  "$@" >"$work/$name.out" 2>"$work/$name.err"
  printf '%s' $? >"$work/$name.code"
}
no_frames() { # file: no frame of JavaScript, which looks like "    at f (file.js:1:2)", and none of a runtime in JavaScript
  ! grep -nE '^\s+at .*(\.[jt]s:[0-9]+:[0-9]+|node:internal)' "$1"
}
fails_with() { # name, text: a code other than 0, the text on standard error
  [[ $(<"$work/$1.code") != 0 ]] && grep -F -- "$2" "$work/$1.err"
}
prints() { # name, text: code 0 and the text, whole, on standard output
  [[ $(<"$work/$1.code") == 0 ]] && diff <(printf '%s\n' "$2") "$work/$1.out"
}
warns() { # name: the warning on standard error, and nothing on standard output
  [[ $(<"$work/$1.code") == 0 && ! -s $work/$1.out ]] && grep -xF -- "$WARNING" "$work/$1.err"
}
same_by_fleet() { # name: FleetSynth has written what the app writes
  [[ $(<"$work/$1.code") == 0 && -s by-fleet/ipsec.k8s.yaml ]] && diff -r by-app by-fleet
}
# A PATH with everything but Node.js.
without_node() {
  mkdir -p "$work/no-node"
  ln -sf "$(command -v bash)" "$(command -v dirname)" "$(command -v uname)" "$work/no-node/"
  PATH=$work/no-node "$@"
}

# --- the languages

javascript() {
  # As npm lays it out: what the package bundles is in it, its peers lie beside it.
  mkdir -p "$work/modules/node_modules"
  tar -xzf "$dist"/js/*.tgz -C "$work/modules/node_modules" && mv "$work"/modules/node_modules/{package,cdk8s-openshift-ipsec}
  ln -s "$root"/node_modules/{cdk8s,constructs} "$work/modules/node_modules/"
  node -e "process.stdout.write(require('$root/node_modules/typescript').transpileModule(
    require('fs').readFileSync('$root/examples/quickstart.ts', 'utf8'), { compilerOptions: { module: 'commonjs' } }).outputText)" \
    >"$work/modules/quickstart.js"
  folder javascript && cd "$work/javascript" && node "$work/modules/quickstart.js" && ls dist/*-ipsec-*.k8s.yaml
}
from_the_tarball() { # the command, and through it each library that is bundled: yaml, pako, node-forge
  local bin=$work/modules/node_modules/cdk8s-openshift-ipsec/bin/openshift-ipsec
  cd "$work/javascript" && node "$bin" --version && node "$bin" check --p12-password-file left_server.password dist || return 1
  printf 'variant: openshift\nversion: 4.16.0\nmetadata: {name: a, labels: {machineconfiguration.openshift.io/role: worker}}\n%s' \
    "storage: {files: [{path: /etc/a, contents: {inline: $(printf 'a%.0s' {1..2000})}}]}" | node "$bin" butane | grep -F 'data:;base64,H4sI' || return 1
  NODE_PATH=$work/modules/node_modules node -e "
    const { Pkcs12Bundle } = require('cdk8s-openshift-ipsec');
    console.log(Pkcs12Bundle.fromFile('$root/test/certificate/fixtures/legacy.p12', { password: 'secret' }).subject);" || return 1
  # What runs constructs is no part of the one file of the command.
  node "$bin" import --openshift-version 4.16 --out imported.ts --p12-password-file left_server.password dist && grep -F 'new ExternalIpsecEndpoint(' imported.ts
}
documented() { # language, options of `go mod edit` for what the proxy lacks: its command in docs/languages.md, in a folder of its own
  local line
  line=$(grep -A 1 "^# $1" "$root/docs/languages.md" | tail -n 1)
  [[ -z ${2:-} ]] || line=${line/ \&\& go mod tidy/" && go mod edit $2 && go mod tidy"}
  mkdir -p "$work/repo" && ln -sfn "$dist" "$work/repo/dist" && folder "documented-$1" && cp "$root"/examples/quickstart.* "$work/documented-$1/" \
    && cd "$work/documented-$1" && repo=$work/repo PATH=$work/venv/bin:$PATH bash -c "$line" && same_bytes "documented-$1"
}
face() { # every class and enumeration of the API is there for `require` and for `import`, and its module is loaded when it is asked for
  cat >"$work/modules/face.js" <<'PROGRAM'
const { deepStrictEqual, strictEqual } = require('assert');
const { readFileSync, writeFileSync } = require('fs');
const { types } = JSON.parse(readFileSync(require.resolve('cdk8s-openshift-ipsec/.jsii'), 'utf8'));
const ofTheApi = Object.values(types).filter(({ kind }) => kind !== 'interface').map(({ name }) => name);
const before = Object.keys(require.cache).length;
const face = require('cdk8s-openshift-ipsec');
const names = Object.keys(face);
deepStrictEqual([Object.keys(require.cache).length - before, ofTheApi.filter((name) => !names.includes(name))], [1, []]);
for (const name of names) strictEqual(face[name].name ?? name, name);
writeFileSync(`${__dirname}/face.mjs`, `import { ${names.join(', ')} } from 'cdk8s-openshift-ipsec';\nfor (const each of [${names.join(', ')}]) each.toString();\n`);
PROGRAM
  node "$work/modules/face.js" && node "$work/modules/face.mjs"
}
types_are_whole() { # a strict compiler finds every type that the face speaks of
  cp "$root/examples/quickstart.ts" "$work/modules/" && cd "$work/modules" \
    && "$root/node_modules/.bin/tsc" --noEmit --strict --skipLibCheck false --target es2022 --module commonjs --moduleResolution node10 \
      --ignoreDeprecations 6.0 --typeRoots "$root/node_modules/@types" --types node quickstart.ts
}
one_type() { # whatever is more than one type is interface{} in Go and Object in Java; and types of nobody else stand in the API
  tar -xzOf "$1" package/.jsii | node -e "
    const { types } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
    const several = Object.values(types).flatMap(({ name, properties = [], methods = [] }) => [
      ...properties, ...methods.flatMap(({ parameters = [] }) => parameters),
    ].filter(({ type, docs }) => type.union && docs?.stability !== 'deprecated' && docs?.deprecated === undefined).map((each) => name + '.' + each.name));
    const strangers = [...new Set(JSON.stringify(types).match(/\"fqn\":\"[^\"]+/g))].filter((fqn) => !/\"(cdk8s-openshift-ipsec|cdk8s|constructs)\./.test(fqn));
    console.log(several, strangers);
    process.exit(several.length + strangers.length === 0 ? 0 : 1);"
}
small() { # what nobody loads is not in it, and the repository is as it was
  ! tar -tzf "$1" | grep -E '/browser/|\.map$|\.mjs$|node-forge/(dist|flash)|lib/plan/|node_modules/.*\.d\.ts$|/(src|test|examples|docs)/[^/]*\.(ts|md)$' \
    | grep -vE '\.d\.ts$|yaml/bin\.mjs$' \
    && [[ -e $root/node_modules/pako/dist/pako.mjs && $(stat -c %s "$1") -lt 1300000 ]] # of which the compiled forms of the command are 0.4 MB
}

python() {
  needs python3 python3 && python3 -c 'import venv, ensurepip' && pack python && python3 -m venv "$work/venv" \
    && "$work/venv/bin/pip" install -q "$dist"/python/*.whl && folder python && cd "$work/python" \
    && "$work/venv/bin/python" "$root/examples/quickstart.py"
}
readme_in_python() { # its programs are Python, and its links lead somewhere
  unzip -p "$dist"/python/*.whl '*/METADATA' >"$work/METADATA" || python3 -m zipfile -e "$dist"/python/*.whl "$work/wheel" || return 1
  [[ -s $work/METADATA ]] || cp "$work"/wheel/*.dist-info/METADATA "$work/METADATA"
  grep -F 'mode=IpsecMode.EXTERNAL' "$work/METADATA" && ! grep -E '```(ts|typescript)$|\]\((docs|examples|[A-Z]+\.md)' "$work/METADATA"
}
python_mistakes() {
  cd "$work/python" || return 1
  holds 'Python: the README of the package is in Python' readme_in_python
  local python=$work/venv/bin/python mode
  for mode in caught uncaught path warning fleet; do run_into "python-$mode" "$python" "$here/mistakes.py" "$mode"; done
  holds 'Python: a mistake is a RuntimeError, whose text is the message' prints python-caught "$MESSAGE"
  holds 'Python: uncaught, the message is the last line' bash -c "[[ \$(tail -n 1 '$work/python-uncaught.err') == \"RuntimeError: \$1\" ]]" - "$MESSAGE"
  holds 'Python: uncaught, no frame of JavaScript is shown' no_frames "$work/python-uncaught.err"
  holds 'Python: paths are relative to where the runtime was started' prints python-path True
  holds 'Python: warnings are on standard error' warns python-warning
  holds 'Python: FleetSynth writes the same bytes as the app' same_by_fleet python-fleet
  run_into python-no-node without_node "$python" "$here/mistakes.py" uncaught
  holds 'Python: without Node.js' fails_with python-no-node "FileNotFoundError: [Errno 2] No such file or directory: 'node'"
  run_into python-command "$work/venv/bin/openshift-ipsec" check --p12-password-file left_server.password dist
  holds 'Python: the command is in the wheel' bash -c "[[ \$(<'$work/python-command.code') == 0 ]] && grep -E 'objects?' '$work/python-command.err' '$work/python-command.out'"
}

java() {
  needs javac default-jdk-headless && needs mvn maven && pack java || return 1
  local pom
  pom=$(ls "$dist"/java/io/github/cdk8s-openshift-ipsec/cdk8s-openshift-ipsec/*/*.pom) || return 1
  # The package itself is not taken from Maven's cache, where an older one of the same version may lie.
  cp "$pom" "$work/pom.xml" && cp "${pom%.pom}.jar" "$work/ipsec.jar" \
    && mvn -q -B -f "$work/pom.xml" dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$work/jars" \
    && folder java && cd "$work/java" && command java -cp "$work/ipsec.jar:$work/jars/*" "$root/examples/quickstart.java"
}
documented_java() {
  mkdir -p "$work/documented-Java/jars" && cp "$work/ipsec.jar" "$work"/jars/* "$work/documented-Java/jars/" && documented Java
}
java_mistakes() {
  cd "$work/java" || return 1
  # Compiled once: a source file that is run is compiled each time, in a class loader of its own.
  holds 'Java: the mistakes compile' javac -d "$work/classes" -cp "$work/ipsec.jar:$work/jars/*" "$here/mistakes.java" || return 1
  local java mode
  java=$(type -P java)
  local run=("$java" -cp "$work/classes:$work/ipsec.jar:$work/jars/*" Mistakes)
  for mode in caught uncaught warning fleet; do run_into "java-$mode" "${run[@]}" "$mode"; done
  holds 'Java: a mistake is a JsiiException, which is a RuntimeException' bash -c "[[ \$(head -n 1 '$work/java-caught.out') == true ]]"
  holds 'Java: the first line of its message is the message' bash -c "[[ \$(sed -n 2p '$work/java-caught.out') == \"\$1\" ]]" - "$MESSAGE"
  holds 'Java: the runtime repeats it' bash -c "[[ \$(grep -cF -- \"\$1\" '$work/java-caught.out') == 2 ]]" - "$MESSAGE"
  holds 'Java: uncaught, it is shown' fails_with java-uncaught "$MESSAGE"
  holds 'Java: uncaught, no frame of JavaScript is shown' no_frames "$work/java-uncaught.err"
  holds 'Java: warnings are on standard error' warns java-warning
  holds 'Java: FleetSynth writes the same bytes as the app' same_by_fleet java-fleet
  run_into java-no-node without_node "${run[@]}" uncaught
  holds 'Java: without Node.js' fails_with java-no-node 'Cannot run program "node"'
}

go_bindings() { # module, version, npm package: where the proxy lacks them, they are made here, as their publisher makes them
  (cd "$work/go" && go list -m "$1@$2" >/dev/null 2>&1) && return
  (cd "$root" && npx jsii-pacmak --code-only --target go --outdir "$work/bindings" "node_modules/$3") || return 1
  (cd "$work/go" && go mod edit -replace "$1=$(dirname "$(ls "$work"/bindings/go/*/jsii/"$3"-*.tgz)")/..")
}
go_() {
  needs go golang-go && pack go --code-only && folder go && mkdir -p "$work/go/"{quickstart,mistakes} && cd "$work/go" || return 1
  cp "$root/examples/quickstart.go" quickstart/ && cp "$here/mistakes.go" mistakes/
  local module=github.com/cdk8s-openshift-ipsec/cdk8s-openshift-ipsec-go/ipsec
  go mod init quickstart && go mod edit -require "$module@v0.0.0" -replace "$module=$dist/go/ipsec" || return 1
  go_bindings github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2 v2.70.0 cdk8s || return 1
  go_bindings github.com/aws/constructs-go/constructs/v10 v10.3.0 constructs || return 1
  GOFLAGS=-mod=mod go mod tidy && go build -o bin/ ./... && ./bin/quickstart
}
documented_go() {
  local bindings
  bindings=$(cd "$work/go" && go mod edit -json | node -e "
    const { Replace = [] } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
    const made = Replace.filter(({ New }) => New.Path.startsWith('$work/bindings'));
    console.log(made.map(({ Old, New }) => '-replace ' + Old.Path + '=' + New.Path).join(' '));") || return 1
  documented Go "$bindings"
}
go_page() { # each signature that docs/api/go.md shows is in the generated code
  (cd "$root" && npx ts-node --transpile-only --project test/tsconfig.json test/languages/go-page.ts docs/api/go.md "$dist/go/ipsec")
}
go_mistakes() {
  cd "$work/go" || return 1
  local mode
  for mode in caught uncaught path warning fleet; do run_into "go-$mode" ./bin/mistakes "$mode"; done
  holds 'Go: recover gives the message' bash -c "[[ \$(<'$work/go-caught.code') == 0 && \$(head -n 1 '$work/go-caught.out') == *\"\$1\" ]]" - "$MESSAGE"
  holds 'Go: uncaught, it is a panic with the message' fails_with go-uncaught "$MESSAGE"
  holds 'Go: uncaught, no frame of JavaScript is shown' no_frames "$work/go-uncaught.err"
  holds 'Go: paths are relative to where the runtime was started' prints go-path true
  holds 'Go: warnings are on standard error' warns go-warning
  holds 'Go: FleetSynth writes the same bytes as the app' same_by_fleet go-fleet
  run_into go-no-node without_node ./bin/mistakes uncaught
  # shellcheck disable=SC2016 # the words of Go
  holds 'Go: without Node.js' fails_with go-no-node '"node": executable file not found in $PATH'
}

dotnet_names() { # what can be said of the program without an SDK: each class and member is there, of the library's and of cdk8s
  (cd "$root" && for module in . node_modules/cdk8s node_modules/constructs; do
    npx jsii-pacmak --code-only --target dotnet --outdir "$work/names" "$module" || exit 1
  done && npx ts-node --transpile-only --project test/tsconfig.json test/languages/dotnet-names.ts examples/quickstart.cs "$work/names/dotnet")
}
dotnet() {
  command -v dotnet >/dev/null || { echo 'the .NET SDK is missing' >&2; return 1; }
  # The folder is one source more: what the package itself needs comes from where NuGet has it.
  pack dotnet && folder dotnet && cd "$work/dotnet" && command dotnet new console --no-restore >/dev/null && rm -f Program.cs \
    && cp "$root/examples/quickstart.cs" . && command dotnet new nugetconfig >/dev/null \
    && command dotnet nuget add source "$dist/dotnet" --name packages --configfile nuget.config \
    && command dotnet add package Cdk8s.OpenShift.Ipsec && command dotnet run
}

# --- all of it

holds 'a throwaway PKI' bash -c "cd '$root' && npm run -s demo" || exit 1
mkdir -p "$work/pki" && cp "$root"/dist/demo/pki/* "$work/pki/"
holds 'the programs of the README compile, and are translated' bash -c "cd '$root' && npx jsii-rosetta extract --strict .jsii" || exit 1
holds 'the package for npm' pack js || exit 1
holds 'JavaScript: the quickstart runs from the package' javascript || exit 1
holds 'JavaScript: the command and what is bundled work from the package' from_the_tarball
holds 'TypeScript: the quickstart runs by the documented command' documented TypeScript
holds 'JavaScript: the types of the package are whole' types_are_whole
holds 'JavaScript: a name of the package loads its module when it is asked for' face
holds 'JavaScript: the package is small' small "$dist"/js/*.tgz
holds 'JavaScript: each prop has one type' one_type "$dist"/js/*.tgz
holds '.NET: each name of the quickstart is in the generated code' dotnet_names
for language in "${languages[@]}"; do
  case $language in
    javascript) ;;
    python) holds 'Python: the quickstart runs from the wheel' python && holds 'Python: the same bytes' same_bytes python \
      && holds 'Python: it runs by the documented command' documented Python && python_mistakes ;;
    java) holds 'Java: the quickstart runs from the jar' java && holds 'Java: the same bytes' same_bytes java \
      && holds 'Java: it runs by the documented command' documented_java && java_mistakes ;;
    go) holds 'Go: the quickstart runs from the module' go_ && holds 'Go: the same bytes' same_bytes go \
      && holds 'Go: it runs by the documented command' documented_go && holds 'Go: each signature of its page is right' go_page && go_mistakes ;;
    dotnet) holds '.NET: the quickstart runs from the package' dotnet && holds '.NET: the same bytes' same_bytes dotnet ;;
    *) printf 'no such language: %s\n' "$language" >&2; exit 2 ;;
  esac
done
printf '\n%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
