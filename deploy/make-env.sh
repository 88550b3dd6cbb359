#!/bin/sh
# Make deploy/.env, or the file that is named, of .env.example: with a fresh secret wherever one is
# wanted, and readable by us alone.
set -eu
here=$(dirname "$0")
file=${1:-$here/.env}
if [ -e "$file" ]; then
    echo "$file is there already and stays as it is." >&2
    exit 0
fi
umask 077
new() { head -c 32 /dev/urandom | base64 | tr '+/' '-_'; }
while IFS= read -r line; do
    case $line in
    "#"*) echo "$line" ;;
    SECRET_KEYS=) echo "$line$(new)" ;; # a key is 32 bytes and keeps the = at its end
    *=) echo "$line$(new | tr -d =)" ;;
    *) echo "$line" ;;
    esac
done <"$here/.env.example" >"$file.new"
mv "$file.new" "$file"
echo "$file is written. Keep a copy: without its SECRET_KEYS the vendors' credentials are lost."
