import type { Problem } from '../../abi/problem.ts'
import { quote } from '../../abi/quote.ts'
import { parseChecksumLine, type EnabledObject } from './enabled-object.ts'
import { moduleIndex, modulePaths, plannedModule } from './module-path.ts'

/** An enabled object, with what the rows of its exports say in the module column of a `Module.symvers`. */
export interface ListedObject extends EnabledObject {
  readonly modules: readonly string[]
}

/** Understands the output of `make -n -k vmlinux modules`. */
export interface DryRunReader {
  readonly onLine: (line: string) => void
  /** The objects in the order of the build, or why the list may not be complete. */
  readonly end: () => readonly ListedObject[] | Problem
}

/** Reads a dry run line by line; keeps nothing of the lines but the commands for checksums. */
export function dryRunReader(): DryRunReader {
  const objects = new Map<string, EnabledObject>()
  const modules = new Set<string>()
  /** Lines that make an object, until the line that computes its checksums; few objects have none. */
  const making = new Map<string, string>()
  const complaints: string[] = []
  return {
    onLine: (line) => {
      const module = plannedModule(line)
      if (module !== undefined) modules.add(module)
      if (isComplaint(line)) complaints.push(line)
      const object = parseChecksumLine(line, (name) => making.get(name))
      if (!object) {
        const made = line.includes(' -c -o ') ? / -c -o (\S+\.o) /.exec(line)?.[1] : undefined
        if (made !== undefined) making.set(made, line)
      } else if ('fault' in object) complaints.push(`${object.fault}: ${quote(line.slice(-200))}`)
      else {
        objects.set(object.object, object)
        making.delete(object.object)
      }
    },
    end: () => {
      if (complaints.length > 0) return incomplete(complaints)
      if (objects.size === 0) return withoutChecksums
      const index = moduleIndex(modules)
      return [...objects.values()].map((object) => ({ ...object, modules: modulePaths(object, index) }))
    },
  }
}

/**
 * True for what make says when it cannot go on, but for the one place where a dry run always ends: it has made no
 * archives and objects to link `vmlinux` from, nor the list of modules.
 */
function isComplaint(line: string): boolean {
  const [, said = ''] = /^(?:make(?:\[\d+\])?|[^\s:]+:\d+): \*\*\* (.*)/.exec(line) ?? []
  if (said === '' || /^\[.*\] Error \d+$/.test(said)) return false
  const [, missing = ''] = /^No rule to make target ['`](.+?)'/.exec(said) ?? []
  return !/(?:^|\/)(?:vmlinux(?:\.\w+)?|[\w.-]+\.a|modules\.order)$/.test(missing)
}

function incomplete(complaints: readonly string[]): Problem {
  return {
    kind: 'build-failed',
    message: 'the dry run of the build does not tell which objects are enabled',
    excerpt: complaints.slice(0, 20),
    advice: 'Build this configuration with --strategy full to see what is wrong with it.',
  }
}

const withoutChecksums: Problem = {
  kind: 'modversions-off',
  message: 'the dry run of the build computes no checksums, neither with genksyms nor with gendwarfksyms',
  advice: 'Set CONFIG_MODULES=y and CONFIG_MODVERSIONS=y.',
}
