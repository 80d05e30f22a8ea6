#!/bin/sh
# Opens stored bytes with nothing but the text of a recovery kit and the age tool: what the kit promises.
#
#   open-with-kit.sh KIT STORED OPENED    opens a stored file
#   open-with-kit.sh KIT all-keys         prints the block of keys, opened
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
kit=$1

if [ "$2" = all-keys ]; then
    # As the kit says, word for word but for the names of the files.
    sed -n '/^# -----BEGIN/,/^# -----END/s/^# //p' "$kit" > "$folder/all-keys.age"
    age --decrypt --identity "$kit" "$folder/all-keys.age"
    exit
fi

# Of a printed kit only one line is typed.
grep '^AGE-SECRET-KEY-1' "$kit" > "$folder/typed.txt"
age --decrypt --identity "$kit" --output "$3" "$2"
age --decrypt --identity "$folder/typed.txt" --output "$folder/again" "$2"
# age 1.1 makes no file of a file that is empty.
for file in "$3" "$folder/again"; do
    [ -e "$file" ] || : > "$file"
done
cmp "$3" "$folder/again"
