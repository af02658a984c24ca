import type { Problem } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import { parseChecksumLine, type EnabledObject } from './enabled-object.ts'
import { moduleIndex, modulePaths, plannedModule } from './module-path.ts'
import { subMakes, topFolder } from './sub-makes.ts'
import { isSystemFailure } from './system-failure.ts'

/** An enabled object, with what the rows of its exports say in the module column of a `Module.symvers`. */
export interface ListedObject extends EnabledObject {
  readonly modules: readonly string[]
}

/** Understands the output of `make -n -k vmlinux modules`. */
interface DryRunReader {
  readonly onLine: (line: string, stream: 'stdout' | 'stderr') => void
  /**
   * The objects in the order of the build, or why the list may not be complete.
   * @param code with which make ended
   */
  readonly end: (code: number) => readonly ListedObject[] | Problem
}

/** Reads a dry run line by line; keeps nothing of the lines but the commands for checksums. */
export function dryRunReader(): DryRunReader {
  const objects = new Map<string, EnabledObject>()
  const modules = new Set<string>()
  /** Lines that make an object, until the line that computes its checksums; few objects have none. */
  const making = new Map<string, string>()
  const complaints = complaintReader()
  const calls = subMakes()
  const faults: string[] = []
  return {
    onLine: (line, stream) => {
      complaints.onLine(line, stream)
      calls.onLine(line)
      const module = plannedModule(line)
      if (module !== undefined) modules.add(module)
      const object = parseChecksumLine(line, (name) => making.get(name))
      if (!object) {
        const made = line.includes(' -c -o ') ? / -c -o (\S+\.o) /.exec(line)?.[1] : undefined
        if (made !== undefined) making.set(made, line)
      } else if ('fault' in object) faults.push(`${object.fault}: ${quote(line.slice(-200))}`)
      else {
        objects.set(object.object, object)
        making.delete(object.object)
      }
    },
    end: (code) => {
      const all = [...complaints.end(code, calls.failed()), ...calls.faults(), ...faults]
      if (all.length > 0) return incomplete(all)
      if (objects.size === 0) return withoutChecksums
      const index = moduleIndex(modules)
      return [...objects.values()].map((object) => ({ ...object, modules: modulePaths(object, index) }))
    },
  }
}

/**
 * Tells what is wrong with a dry run from the one error that all of them have: it makes no archives, no `vmlinux` and no list of
 * modules, so a target that needs one is not made. That costs no object, as none needs these. Make then says the same
 * again for each call of itself that ended with code 2 because of it.
 */
function complaintReader() {
  const complaints: string[] = []
  /** Folders that a call of make went into and has not left, by its depth. */
  const entered = new Map<string, number>()
  let left = 0
  const usual: string[] = []
  const repeated: string[] = []
  const onLine = (line: string, stream: 'stdout' | 'stderr'): void => {
    const [, who = '', change] = /^(make(?:\[\d+\])?): (Enter|Leav)ing directory /.exec(line) ?? []
    if (change !== undefined) {
      entered.set(who, (entered.get(who) ?? 0) + (change === 'Enter' ? 1 : -1))
      if (change === 'Leav') left++
      return
    }
    const [, said = ''] = /^(?:make(?:\[\d+\])?|[^\s:]+:\d+): \*\*\* (.*)/.exec(line) ?? []
    if (said === '') {
      if (stream === 'stderr' && (isSystemFailure(line) || isStrange(line))) complaints.push(line)
    } else if (/^\[.*\] Error 2$/.test(said)) repeated.push(line)
    else if (isUsual(said)) usual.push(said)
    else if (said !== 'Waiting for unfinished jobs....') complaints.push(line)
  }
  return {
    onLine,
    end: (code: number, failed: readonly string[]): readonly string[] => {
      const found = [...complaints]
      if (repeated.length > failed.length) found.push(...repeated)
      for (const folder of failed) {
        const isFolder = folder !== topFolder && folder !== '.'
        if (isFolder ? !usual.some((said) => said.includes(`'${folder}/`)) : usual.length === 0)
          found.push(`make ended with 2 in ${quote(folder)} and does not say why`)
      }
      if (code !== 0 && (code !== 2 || (usual.length === 0 && found.length === 0))) {
        found.push(`make ended with exit code ${code}`)
      }
      if (left === 0 || [...entered.values()].some((times) => times !== 0)) {
        found.push('the output of make ends too early')
      }
      return found
    },
  }
}

/** True for the missing target that every dry run has; see `complaintReader`. */
function isUsual(said: string): boolean {
  const [, missing = ''] = /^No rule to make target ['`](.+?)', needed by /.exec(said) ?? []
  return !said.endsWith('Stop.') && /(?:^|\/)(?:vmlinux(?:\.\w+)?|[\w.-]+\.a|modules\.order)$/.test(missing)
}

/** True for what make says of itself, be it that a command could not be started, and that is no remark. */
function isStrange(line: string): boolean {
  const [, said] = /^make(?:\[\d+\])?: (.*)/.exec(line) ?? []
  return said !== undefined && !/^(?:[Ww]arning:|Target .* not remade because of errors)/.test(said)
}

/** Lines of a problem's excerpt. */
const mostShown = 20

const missingKey = /No rule to make target '[^']*', needed by 'certs\//

function incomplete(complaints: readonly string[]): Problem {
  const more = complaints.length - mostShown
  return {
    kind: 'build-failed',
    message: 'the dry run of the build does not tell which objects are enabled',
    excerpt: [...complaints.slice(0, mostShown), ...(more > 0 ? [`and ${more} more`] : [])],
    advice: complaints.some((line) => missingKey.test(line))
      ? 'The configuration names a key or a certificate that is only where the distribution builds. No checksum depends on it: ' +
        'write set: { MODULE_SIG_KEY: certs/signing_key.pem, SYSTEM_TRUSTED_KEYS: "" } for the variant’s config in kabi.yml.'
      : 'Where it says that a program could not be started, run it again with more room for processes and memory. ' +
        'Else build this configuration with --strategy full to see what is wrong with it.',
    ...(complaints.some((line) => missingKey.test(line) || isSystemFailure(line))
      ? { speaksOf: 'setup' }
      : {}),
  }
}

const withoutChecksums: Problem = {
  kind: 'modversions-off',
  message: 'the dry run of the build computes no checksums, neither with genksyms nor with gendwarfksyms',
  advice: 'Set CONFIG_MODULES=y and CONFIG_MODVERSIONS=y.',
}
