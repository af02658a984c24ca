import { basename } from 'node:path/posix'
import { shellCommands, type ShellCommand } from './shell-commands.ts'

/** A program with its arguments. */
export type Argv = readonly string[]

/** How the exports of an assembler source are listed; a checksum needs a C text that declares and exports them. */
interface AssemblerExports {
  /** The `#include` lines that declare them. */
  readonly prototypes: readonly string[]
  /**
   * How they are found: up to Linux 6.3 in the lines `___EXPORT_SYMBOL name,value,section` that this command prints,
   * later in the object that this command makes.
   */
  readonly listing: { readonly kind: 'text' | 'object'; readonly command: Argv }
}

/**
 * An object that the configuration enables, as the kernel's own build would compute checksums for it. Its commands lack
 * the options that name an output and a dependency file.
 */
export interface EnabledObject {
  /** Path in the build folder as make calls it: `mm/slub.o`, `arch/x86/kvm/../../../virt/kvm/eventfd.o`. */
  readonly object: string
  /** As on the command line: absolute, or relative to the build folder. Of an assembler object, the `.S` file. */
  readonly source: string
  /** Names of the modules it is linked into, as in KBUILD_MODNAME; absent for an object of `vmlinux`. */
  readonly modname: string | undefined
  /** Calls the compiler; it makes what the program for checksums reads. */
  readonly compile: Argv
  /** The program for checksums: genksyms reads preprocessed C, gendwarfksyms a compiled object, its last argument. */
  readonly checksums: { readonly kind: 'genksyms' | 'gendwarfksyms'; readonly command: Argv }
  readonly assembler?: AssemblerExports
}

/** A command line that should have led to checksums but was not understood. */
interface NotUnderstood {
  readonly fault: string
}

/**
 * Reads the line of a dry run that computes an object's checksums (`gen_symversions` in the kernel's
 * scripts/Makefile.build), in all versions with genksyms or gendwarfksyms:
 *
 * - `... CPP -D__GENKSYMS__ ... x.c | genksyms ...`;
 * - `... nm x.o | sed ... | gendwarfksyms ... x.o`, where another line compiles the object.
 *
 * @param making gives the line that compiled or assembled an object, with `-c -o`
 * @returns undefined for a line about something else
 */
export function parseChecksumLine(
  line: string,
  making: (object: string) => string | undefined,
): EnabledObject | NotUnderstood | undefined {
  const kind = checksumsOf(line)
  if (!kind) return undefined
  const commands = shellCommands(line)
  if (!commands) return { fault: 'a quotation does not end' }
  const at = commands.findIndex(({ words, piped }) => piped && basename(words[0]?.text ?? '') === kind)
  const program = commands[at]
  if (!program) return { fault: `no pipe into ${kind}` }
  // Gendwarfksyms reads an object, whose name does not matter.
  const command = kind === 'genksyms' ? texts(program) : texts(program).slice(0, -1)
  const before = commands.slice(0, at)
  const compiler = kind === 'genksyms' ? before.at(-1) : compilerOf(texts(program).at(-1), before, making)
  if (!compiler) return { fault: 'nothing that makes what its checksums are computed from' }
  if ([program, compiler].some(({ words }) => words.some((word) => word.expands))) {
    return { fault: 'it holds an expansion of the shell' }
  }
  const c = splitCommand(compiler)
  if (!c) return { fault: 'no option -Wp,-MMD,dir/.name.o.d that names the object' }
  const modname = c.args.includes('-DMODULE') ? kbuildModname(c.args) : undefined
  if (modname === '') return { fault: 'no KBUILD_MODNAME' }
  const common = { object: c.object, modname, compile: c.args, checksums: { kind, command } }
  const source = c.args.at(-1) ?? ''
  if (source !== '-') return { ...common, source }

  const listing = listingOf(before, shellCommands(making(c.object) ?? ''))
  if (!listing) return { fault: 'nothing that lists the exports of an assembler source' }
  const prototypes = before
    .filter(({ words }) => words[0]?.text === 'echo')
    .map((echo) => texts(echo)[1] ?? '')
  return { ...common, source: listing.command.at(-1) ?? '', assembler: { prototypes, listing } }
}

function checksumsOf(line: string): EnabledObject['checksums']['kind'] | undefined {
  if (line.includes('-D__GENKSYMS__')) return 'genksyms'
  // Gendwarfksyms is also the name of a folder and of a program that is compiled.
  return line.includes('gendwarfksyms') && /\| *\S*\/gendwarfksyms /.test(line) ? 'gendwarfksyms' : undefined
}

/** Finds what compiled an object: from C given on standard input a command of the same line, else one of another line. */
function compilerOf(
  object = '',
  before: readonly ShellCommand[],
  making: (object: string) => string | undefined,
): ShellCommand | undefined {
  const makes = (command: ShellCommand): boolean => {
    const words = texts(command)
    return words.includes('-c') && words[words.indexOf('-o') + 1] === object
  }
  return before.find(makes) ?? shellCommands(making(object) ?? '')?.find(makes)
}

/**
 * Takes away the options that name an output and a dependency file; the name of the latter tells the object:
 * `mm/.slub.o.d` belongs to `mm/slub.o`.
 */
function splitCommand(command: ShellCommand): { readonly object: string; readonly args: Argv } | undefined {
  const words = texts(command)
  const depfile = words.find((word) => dependencyOption.test(word))
  const [, folder = '', name] = /^-Wp,-MM?D,(.*\/)?\.([^/]+\.o)\.d$/.exec(depfile ?? '') ?? []
  if (name === undefined || command.words.some(({ expands }) => expands)) return undefined
  const output = words.indexOf('-o')
  const args = words.filter(
    (word, at) => word !== depfile && (output < 0 || (at !== output && at !== output + 1)),
  )
  return { object: `${folder}${name}`, args }
}

const dependencyOption = /^-Wp,-MM?D,/

function listingOf(
  before: readonly ShellCommand[],
  assembling: readonly ShellCommand[] = [],
): AssemblerExports['listing'] | undefined {
  for (const command of [...before, ...assembling]) {
    const split = isAssembler(command) ? splitCommand(command) : undefined
    if (split) return { kind: split.args.includes('-c') ? 'object' : 'text', command: split.args }
  }
  return undefined
}

function isAssembler({ words }: ShellCommand): boolean {
  return words.length > 1 && /\.[sS]$/.test(words.at(-1)?.text ?? '')
}

/** `-DKBUILD_MODNAME="x"`, in old kernels `-DKBUILD_MODNAME=KBUILD_STR(x)`; empty when there is none. */
function kbuildModname(args: Argv): string {
  for (const arg of args) {
    const name = /^-DKBUILD_MODNAME=(?:"(.+)"|KBUILD_STR\((.+)\))$/.exec(arg)
    if (name) return name[1] ?? name[2] ?? ''
  }
  return ''
}

function texts({ words }: ShellCommand): Argv {
  return words.map(({ text }) => text)
}
