import { execFile } from 'node:child_process'

/** By its place, as a PATH is not always one that has it. */
const unshare = '/usr/bin/unshare'

/** What runs the program as a child of its own: the first of all numbers is deaf to most signals. */
const first = ['/bin/sh', '-c', '"$@"; exit $?', 'sh']

const always = ['--pid', '--fork', '--kill-child', '--mount-proc']
const forms = [always, ['--user', '--map-current-user', ...always]]

let found: Promise<readonly string[]> | undefined

/**
 * The words in front of a program that give it, and all that it starts, process numbers of their own: it sees no other process,
 * so it can neither signal the gate nor read its memory and environment, and whatever it leaves ends with it. A program that a
 * signal ends makes them end with 128 and the signal's number. Empty where the machine does not allow that, as in most containers.
 * @see unshare(1), pid_namespaces(7)
 */
export function ownProcesses(): Promise<readonly string[]> {
  found ??= firstThatWorks()
  return found
}

async function firstThatWorks(): Promise<readonly string[]> {
  for (const form of forms) {
    const words = [unshare, ...form, '--']
    if ((await firstNumber(words)) === '1') return [...words, ...first]
  }
  return []
}

/** The number that a shell has behind these words; undefined when it does not run. */
function firstNumber([program = '', ...args]: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const shell = [...args, '/bin/sh', '-c', 'read -r pid rest </proc/self/stat && echo "$pid"']
    execFile(program, shell, { env: {}, cwd: '/', timeout: 5_000 }, (error, stdout) =>
      resolve(error ? undefined : stdout.trim()),
    )
  })
}
