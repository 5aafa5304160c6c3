#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image. AUTOGRADER and ENVIRONMENT are for trying it elsewhere.
set -euo pipefail
place=${AUTOGRADER:-/autograder}
environment=${ENVIRONMENT:-/opt/descentlab}
cd "$place/source"

newest() { # the newest Python here that will do: 3.11 at least, with venv
  for name in python3.14 python3.13 python3.12 python3.11 python3; do
    if "$name" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$name"
      return
    fi
  done
  return 1
}

if ! python=$(newest) || ! command -v bwrap >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  apt-get install -y -q --no-install-recommends bubblewrap
  python=$(newest) ||
    for version in 3.13 3.12 3.11; do
      apt-get install -y -q --no-install-recommends "python$version" "python$version-venv" && break
    done
  python=$(newest)
fi

"$python" -m venv "$environment"
wheel=$(echo descentlab-*.whl)
"$environment/bin/python" -m pip install -q -c constraints.txt "$wheel[grader]"

# Submissions run as another user where namespaces are denied: he reads the environment, and nothing here.
chmod -R go+rX "$environment"
chmod -R go-rwx .
chmod go+x "$place"
"$environment/bin/autograde" doctor || echo "no sandbox in this container: see docs/platforms.md"
