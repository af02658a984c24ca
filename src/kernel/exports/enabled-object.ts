import { basename } from 'node:path/posix'
import { shellCommands, type ShellCommand } from './shell-commands.ts'

/** A program with its arguments. */
export type Argv = readonly string[]

/** How the exports of an assembler source are listed; a checksum needs a C text that declares and exports them. */
export interface AssemblerExports {
  /** The `#include` lines that declare them. */
  readonly prototypes: readonly string[]
  /**
   * How they are found: up to Linux 6.3 in the lines `___EXPORT_SYMBOL name,value,section` that this command prints,
   * later in the object that this command makes (its `-o` and the object's name left out).
   */
  readonly listing: { readonly kind: 'text' | 'object'; readonly command: Argv }
}

/** An object that the configuration enables, as the kernel's own build would compute checksums for it. */
export interface EnabledObject {
  /** Path in the build folder as make calls it: `mm/slub.o`, `arch/x86/kvm/../../../virt/kvm/eventfd.o`. */
  readonly object: string
  /** As on the command line: absolute, or relative to the build folder. Of an assembler object, the `.S` file. */
  readonly source: string
  /** Names of the modules it is linked into, as in KBUILD_MODNAME; absent for an object of `vmlinux`. */
  readonly modname: string | undefined
  /** Prints the preprocessed C text; without the option that asks for a dependency file. */
  readonly preprocess: Argv
  /** Reads that text. */
  readonly genksyms: Argv
  readonly assembler?: AssemblerExports
}

/** A command line that should have led to checksums but was not understood. */
export interface NotUnderstood {
  readonly fault: string
}

/**
 * Reads the line of a dry run that computes an object's checksums: `... CPP -D__GENKSYMS__ ... x.c | genksyms ...`
 * (`gen_symversions` in the kernel's scripts/Makefile.build, all versions with genksyms).
 * @param assemble gives the line that assembled an object, with `-c -o`
 * @returns undefined for a line about something else
 */
export function parseChecksumLine(
  line: string,
  assemble: (object: string) => string | undefined,
): EnabledObject | NotUnderstood | undefined {
  if (!line.includes('-D__GENKSYMS__')) return undefined
  const commands = shellCommands(line)
  if (!commands) return { fault: 'a quotation does not end' }
  const at = commands.findIndex(({ words, piped }) => piped && basename(words[0]?.text ?? '') === 'genksyms')
  const genksyms = commands[at]
  const preprocess = commands[at - 1]
  if (!genksyms || !preprocess) return { fault: 'no pipe into genksyms' }
  if ([genksyms, preprocess].some(({ words }) => words.some((word) => word.expands))) {
    return { fault: 'it holds an expansion of the shell' }
  }
  const c = splitCommand(preprocess)
  if (!c) return { fault: 'no option -Wp,-MMD,dir/.name.o.d that names the object' }
  const modname = c.args.includes('-DMODULE') ? kbuildModname(c.args) : undefined
  if (modname === '') return { fault: 'no KBUILD_MODNAME' }
  const common = { object: c.object, modname, preprocess: c.args, genksyms: texts(genksyms) }
  const source = c.args.at(-1) ?? ''
  if (source !== '-') return { ...common, source }

  const before = commands.slice(0, at - 1)
  const listing = listingOf(before, shellCommands(assemble(c.object) ?? ''))
  if (!listing) return { fault: 'nothing that lists the exports of an assembler source' }
  const prototypes = before
    .filter(({ words }) => words[0]?.text === 'echo')
    .map((echo) => texts(echo)[1] ?? '')
  return { ...common, source: listing.command.at(-1) ?? '', assembler: { prototypes, listing } }
}

/** Takes away the option for a dependency file, whose name tells the object: `mm/.slub.o.d` belongs to `mm/slub.o`. */
function splitCommand(command: ShellCommand): { readonly object: string; readonly args: Argv } | undefined {
  const words = texts(command)
  const depfile = words.find((word) => dependencyOption.test(word))
  const [, folder = '', name] = /^-Wp,-MM?D,(.*\/)?\.([^/]+\.o)\.d$/.exec(depfile ?? '') ?? []
  if (name === undefined || command.words.some(({ expands }) => expands)) return undefined
  return { object: `${folder}${name}`, args: words.filter((word) => word !== depfile) }
}

const dependencyOption = /^-Wp,-MM?D,/

function listingOf(
  before: readonly ShellCommand[],
  assembling: readonly ShellCommand[] = [],
): AssemblerExports['listing'] | undefined {
  for (const command of [...before, ...assembling]) {
    const split = isAssembler(command) ? splitCommand(command) : undefined
    if (!split) continue
    const { args } = split
    const output = args.indexOf('-o')
    if (output < 0) return { kind: 'text', command: args }
    return { kind: 'object', command: args.filter((_, at) => at !== output && at !== output + 1) }
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
