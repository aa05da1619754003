#!/bin/sh
# Installs Noroshi into a new folder, without a network: sh install.sh [--lang en|ja] FOLDER
# Finds a Python and hands over to install.py beside it. PYTHON=/path/to/python chooses one.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
wanted=$(sed -n 's/^python = [a-z]* //p' "$here/PLATFORM" 2>/dev/null)
: "${wanted:=3.11}"

# Sets `python` where $1 is a Python that install.py can run in; which one the wheels are for, install.py says.
will_do() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && python=$1
}

if [ -n "${PYTHON:-}" ]; then
    looked=$PYTHON
    will_do "$PYTHON"
else
    looked="python$wanted, python3 and python on PATH"
    will_do "python$wanted" || will_do python3 || will_do python
fi
if [ -z "${python:-}" ]; then
    echo "Python: found none that will do (looked for $looked), expected Python $wanted." >&2
    echo "  Install it, or name it: PYTHON=/path/to/python sh install.sh FOLDER" >&2
    echo "  使用できるPythonがありません。Python $wanted を導入するか、PYTHON=パス で指定してください。" >&2
    exit 2
fi
exec "$python" -B "$here/install.py" "$@"
