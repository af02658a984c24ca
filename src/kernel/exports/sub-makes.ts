import { quote } from '../../problem/quote.ts'

/** Name of the file with `subMakeScript`. */
export const subMakeFile = 'make-in-folders.sh'

/** What a call is said to be for that names no folder. */
export const topFolder = 'the top folder'

/**
 * Stands for make where a Makefile calls it, and says how each call ended. Where KABI_GATE_FOLDERS names folders, it stays
 * out of all others: kbuild names the folder in `obj=`; the tools of a build are no part of the kernel.
 */
export const subMakeScript = `folder=
archive=
wanted=" $KABI_GATE_FOLDERS "
for word do
  case $word in
  obj=*)
    folder=\${word#obj=}
    case "$wanted. " in "  . " | *" $folder "*) ;; *) echo "kabi-gate: make left out $folder"; exit 0 ;; esac
    ;;
  need-builtin=1) archive=' and archived' ;;
  subdir=tools) if [ "$wanted" != "  " ]; then exit 0; fi ;;
  esac
done
make "$@"
code=$?
echo "kabi-gate: make ended with $code in \${folder:-${topFolder}}$archive"
exit $code
`

/** Keeps account of the calls of make within a dry run. */
interface SubMakes {
  readonly onLine: (line: string) => void
  /** Where a call ended with code 2, as make ends when it could not make everything; a folder, or `the top folder`. */
  readonly failed: () => readonly string[]
  /** What shows that folders were lost. */
  readonly faults: () => readonly string[]
}

/**
 * Compares what a dry run was about to do with what it did: a folder that make was about to go into, and from which it did
 * not come back, has lost its objects. A call that was told to make the folder's `built-in.a` (`need-builtin=1`, since Linux
 * 4.20) must have listed it, which comes after all that goes into it.
 */
export function subMakes(): SubMakes {
  const begun = new Map<string, number>()
  const ended = new Map<string, number>()
  const archives = new Set<string>()
  const archived = new Set<string>()
  const faults: string[] = []
  const failed: string[] = []
  const readEnd = (line: string): void => {
    const [, code, place = '', archive] = end.exec(line) ?? []
    if (code === undefined) return
    count(ended, place)
    if (code === '2') failed.push(place)
    else if (code !== '0') faults.push(`make ended with ${code} in ${quote(place)}`)
    if (archive !== undefined) archived.add(place)
  }
  return {
    onLine: (line) => {
      if (line.startsWith('kabi-gate: ')) {
        const [, out] = leftOut.exec(line) ?? []
        if (out !== undefined) count(ended, out)
        else readEnd(line)
      } else if (line.startsWith('sh ') && line.includes(subMakeFile)) {
        const folder = / obj=(\S+)/.exec(line)?.[1]
        if (folder !== undefined) count(begun, folder)
      } else {
        const archive = line.includes('  AR ') ? /' {2}AR +(\S*)built-in\.a'/.exec(line)?.[1] : undefined
        if (archive !== undefined) archives.add(archive.replace(/\/$/, '') || '.')
      }
    },
    failed: () => failed,
    faults: () => [
      ...faults,
      ...[...begun]
        .filter(([folder, times]) => (ended.get(folder) ?? 0) < times)
        .map(([folder]) => `make did not come back from the folder ${quote(folder)}`),
      ...[...archived]
        .filter((folder) => !archives.has(folder))
        .map((folder) => `make did not list all of the folder ${quote(folder)}`),
    ],
  }
}

const end = /^kabi-gate: make ended with (\d+) in (.+?)( and archived)?$/
const leftOut = /^kabi-gate: make left out (.+)$/

function count(times: Map<string, number>, key: string): void {
  times.set(key, (times.get(key) ?? 0) + 1)
}
