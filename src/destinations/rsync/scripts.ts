/**
 * What runs at the other side, in a POSIX shell. Values come as arguments, lists on stdin, each path with a zero at its end:
 * nothing of an episode is ever part of a script. Folders are named from the root, so none begins with "-".
 */

/** Where rsync keeps the part of a file that came before it was cut off. */
export const PARTS = '.rsync-part';

export const remote = (script: string, args: readonly string[]): string =>
  `exec sh -c ${quote(`LC_ALL=C; export LC_ALL\n${script}`)} sh ${args.map(quote).join(' ')}`;

/** In single quotes nothing is special but the single quote. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * ROOT: says whether episodes can go there, then stays until its stdin ends: as long as it runs, the connection is up, and
 * its stdin ends with this process, however that ends.
 */
export const GREET = `
for tool in rsync sha256sum mv cp find xargs; do
  command -v "$tool" >/dev/null 2>&1 || { echo "missing $tool"; exit 0; }
done
if [ ! -e "$1" ]; then echo 'nowhere'; exit 0; fi
if [ ! -d "$1" ]; then echo 'nofolder'; exit 0; fi
if [ ! -w "$1" ] || [ ! -x "$1" ]; then echo 'denied'; exit 0; fi
echo "ready $(rsync --version | sed -n '1s/.*version v\\{0,1\\}\\([0-9.]*\\).*/\\1/p')"
exec cat >/dev/null`;

/**
 * What is in this folder: a type, a size and a path of each that is no folder; then nothing; then the digest of each file.
 * Debian's sha256sum makes no use of the processor's own instructions for it and openssl does: where there is one it takes
 * the files that are large enough to make up for its start, two at a time. A file that can't be read has no digest.
 */
const SURVEY = `
find . ! -type d -printf '%y %s %P\\0' || exit
printf '\\0'
files() { find . -name ${PARTS} -prune -o -type f "$@" -print0; }
if printf x | openssl dgst -sha256 -r >/dev/null 2>&1; then
  digest='h=$(openssl dgst -sha256 -r <"$1") && printf "%s  %s\\000" "\${h%% *}" "$1"'
  files -size +2048 | xargs -0 -r -n 1 -P 2 sh -c "$digest" sh || true
else
  files -size +2048 | xargs -0 -r -n 1 -P 2 sha256sum -z -- || true
fi
files ! -size +2048 | xargs -0 -r sha256sum -z -- || true`;

/** ROOT FOLDER: surveys it; says nothing if it is not there. */
export const LOOK = `
cd "$1" || exit
[ -d "./$2" ] || exit 0
cd "./$2" || exit
${SURVEY}`;

/** ROOT DRAFT: lists it as the first half of a survey does. */
export const LIST = `
cd "$1/$2" && exec find . ! -type d -printf '%y %s %P\\0'`;

/** ROOT DRAFT: writes the marker from stdin, and lists what is there then. */
export const WRITE_MARKER = `
umask 027
cd "$1/$2" || exit
cat >".done.marker.$$" && mv -fT ".done.marker.$$" done.marker || { rm -f ".done.marker.$$"; exit 1; }
exec find . ! -type d -printf '%y %s %P\\0'`;

/** What a publisher has made that is at work is its own. */
const REMOVE_MADE = `
for made in "./$2".[0-9]*; do
  [ ! -e "$made" ] || kill -0 "\${made##*.}" 2>/dev/null || rm -rf "$made"
done`;

/** ROOT DRAFT ID: makes the draft and surveys it, unless the id is there: then it says so. */
export const PREPARE = `
umask 027
cd "$1" || exit
if [ -e "./$3" ] || [ -L "./$3" ]; then printf 'taken'; exit 0; fi
${REMOVE_MADE}
[ ! -L "./$2" ] || rm -f "./$2"
mkdir -p "./$2" || exit
chmod 750 "./$2"
cd "./$2" || exit
${SURVEY}`;

/** ROOT DRAFT: removes what is named on stdin. */
export const REMOVE = `
cd "$1/$2" && exec xargs -0 -r rm -f --`;

/** ROOT DRAFT: moves what is named on stdin, from here to there. */
export const MOVE = `
cd "$1/$2" && exec xargs -0 -r -n 2 sh -c 'mkdir -p "\${2%/*}" && mv -fT "$1" "$2"' sh`;

/**
 * ROOT DRAFT SYNC: takes it away; twice, where another run's rsync is at work in it. Who has published the episode may have been
 * killed before it was on the disk.
 */
export const DISCARD = `
cd "$1" || exit
${REMOVE_MADE}
rm -rf "./$2" 2>/dev/null || rm -rf "./$2" || exit
[ "$3" != sync ] || sync -f .`;

/** ROOT ID: "+" and the bytes of the marker; nothing if there is none. */
export const MARKER_OF = `
cd "$1" || exit
if [ -d "./$2" ] && [ ! -x "./$2" ]; then echo "$1/$2: Permission denied" >&2; exit 1; fi
if [ ! -f "./$2/done.marker" ] || [ -L "./$2/done.marker" ]; then exit 0; fi
printf '+' && exec cat "./$2/done.marker"`;

/**
 * ROOT DRAFT ID FILES SYNC: makes the draft the episode. Not the draft's own folder is renamed but one beside it with the same files
 * (hard links): another run's rsync may be at work in the draft, and would go on in what is published. Only where the file
 * system has no links it is the draft itself.
 */
export const PUBLISH = `
cd "$1" || exit
made="./$2.$$"
taken() { rm -rf "$made"; printf 'taken'; exit 0; }
lost() { rm -rf "$made"; printf 'lost'; exit 0; }
if [ -e "./$3" ] || [ -L "./$3" ]; then taken; fi
[ -f "./$2/done.marker" ] || lost
if ln "./$2/done.marker" "$made" 2>/dev/null; then
  rm -f "$made"
  cp -al "./$2" "$made" || lost
else
  mv -T "./$2" "$made" || exit
fi
[ "$(find "$made" ! -type d -printf x | wc -c)" -eq "$4" ] || lost
[ "$5" != sync ] || sync -f "$made" || exit
mv -nT "$made" "./$3"
if [ -e "$made" ]; then
  if [ -e "./$3" ] || [ -L "./$3" ]; then taken; fi
  exit 1
fi
[ "$(find "./$3" ! -type d -printf x | wc -c)" -eq "$4" ] || { echo "$1/$3: files have vanished as it was published" >&2; exit 1; }
rm -rf "./$2" 2>/dev/null || rm -rf "./$2"
[ "$5" != sync ] || sync -f "./$3" || exit
printf 'published'`;
