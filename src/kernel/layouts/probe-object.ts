import { readFile, rm, writeFile } from 'node:fs/promises'
import type { TypeLayout, TypeText } from '../../abi/layouts/layout.ts'
import type { Argv, EnabledObject } from '../exports/enabled-object.ts'
import type { KernelTree } from '../exports/kernel-tree.ts'
import { runCompiler } from '../exports/run-compiler.ts'
import { runProgram, type Stopped } from '../exports/run-program.ts'
import { quote } from '../../problem/quote.ts'
import { DebugFault, type DebugTypes } from './debug-types.ts'
import { readDwarfTypes } from './dwarf-layouts.ts'
import type { Names } from './gather-layouts.ts'
import { findOwnAssembler, type OwnAssembler } from './own-assembler.ts'
import { withoutBodies } from './without-bodies.ts'

/** What an object's text says of what was asked; what it does not have is in none of them. */
export interface Probed {
  readonly kind: 'probed'
  /** Bytes of a pointer. */
  readonly pointer: number
  readonly types: ReadonlyMap<string, TypeLayout>
  readonly symbols: ReadonlyMap<string, TypeText>
  /** Types that have several layouts in the text. */
  readonly unclear: ReadonlySet<string>
  /** Typedefs, asked for as `t#x`, of what has a name of its own. */
  readonly aliases: ReadonlySet<string>
  /** Every file that was read; absolute paths. */
  readonly dependencies: readonly string[]
}

/**
 * Learns the layouts of types from an object: its text is preprocessed as for the compiler, without `__GENKSYMS__`, and compiled without
 * the bodies of functions and without optimization, which lays types out alike and takes a fifth of the time. A text that could
 * write the object's debug information itself is not compiled.
 * @param scratch files with a suffix behind this name are written, and removed
 */
export async function probeObject(
  tree: KernelTree,
  { compile }: Pick<EnabledObject, 'compile'>,
  asked: Names,
  scratch: string,
): Promise<Probed | Stopped> {
  const [text, shortened, object] = ['i', 'short.i', 'o'].map((suffix) => `${scratch}.${suffix}`) as [
    string,
    string,
    string,
  ]
  try {
    const preprocess = compile.filter((word) => word !== '-D__GENKSYMS__')
    const made = await runCompiler(tree, preprocess, scratch, text)
    if (made.kind !== 'compiled') return made
    const short = withoutBodies(made.output.toString('latin1'))
    const own = findOwnAssembler(short)
    if (own) return failed(forgery(own))
    const answered = await compileWith(tree, [...compilation(compile), '-o', object, shortened], {
      questions: questionsFor(asked, short),
      write: (questions) => writeFile(shortened, short + lines(questions), 'latin1'),
    })
    if ('kind' in answered) return answered
    const types = readDwarfTypes(await readFile(object))
    if (types.kind === 'fault') return failed(`the object ${types.reason}`)
    try {
      const answer = answers(types, asked, answered)
      return { kind: 'probed', pointer: types.pointer, ...answer, dependencies: made.read }
    } catch (error) {
      if (!(error instanceof DebugFault)) throw error
      return failed(`the object has debug information that is not understood: ${error.message}`)
    }
  } finally {
    const written = ['i', 'd', 'short.i', 'o', 'whole.c', 'whole.i']
    await Promise.all(written.map((suffix) => rm(`${scratch}.${suffix}`, { force: true })))
  }
}

function failed(why: string): Stopped {
  return { kind: 'failed', why, stderr: [] }
}

function forgery({ file, line, what, found }: OwnAssembler): string {
  const place = `${quote(file)}, line ${line}`
  return `its text has ${what}, with which it could write debug information of its own: ${quote(found)} (${place})`
}

/**
 * Compiles with questions, without those that the compiler refuses: it may tell of some of them at a time.
 * @returns the questions that it understood
 */
async function compileWith(
  tree: KernelTree,
  command: Argv,
  text: {
    readonly questions: readonly Question[]
    readonly write: (questions: readonly Question[]) => Promise<void>
  },
): Promise<readonly Question[] | Stopped> {
  let { questions } = text
  const more = new Set<string>()
  for (;;) {
    await text.write(questions)
    const refused = new Set<number>()
    const outcome = await runProgram(tree, [...command, ...more], undefined, (line) => {
      const number = refusedLine(line)
      if (number !== undefined) refused.add(number)
      // Clang ends after twenty errors unless it is told not to, which others do not understand.
      if (line.endsWith('[-ferror-limit=]')) more.add('-ferror-limit=0')
    })
    if (outcome.kind === 'done') return questions
    const understood = questions.filter((_, at) => !refused.has(at + 1))
    // A text may have markers with the name of the questions, too.
    if (understood.length === questions.length) return outcome
    questions = understood
  }
}

/** What the compiler is asked behind the text of an object, as a typedef whose name is known. */
interface Question {
  readonly about: string
  /** The name of the typedef. */
  readonly name: string
  readonly line: string
}

const asking = 'kabi-gate-questions'

function questionsFor({ types, symbols }: Names, text: string): readonly Question[] {
  const words = new Set(text.match(/[A-Za-z_]\w*/g))
  const spelled: Readonly<Record<string, string>> = { s: 'struct ', u: 'union ', t: '' }
  const alignments = [...types].flatMap((about) => {
    const [prefix = '', name = ''] = about.split('#')
    const keyword = spelled[prefix]
    return keyword === undefined || !words.has(name)
      ? []
      : [{ about, asked: (as: string) => `typedef char ${as}[_Alignof(${keyword}${name})];` }]
  })
  const prototypes = [...symbols].flatMap((about) =>
    words.has(about) ? [{ about, asked: (as: string) => `typedef __typeof__(${about}) ${as};` }] : [],
  )
  return [...alignments, ...prototypes].map(({ about, asked }, at) => {
    const name = `__kabi_gate_${at}`
    return { about, name, line: asked(name) }
  })
}

function lines(questions: readonly Question[]): string {
  return `\n# 1 "${asking}"\n${questions.map(({ line }) => `${line}\n`).join('')}`
}

/** The number of a question that the compiler did not understand: the type is not complete there, the symbol not declared. */
function refusedLine(line: string): number | undefined {
  const [, number] = new RegExp(`^${asking}:(\\d+):\\d+: error: `).exec(line) ?? []
  return number === undefined ? undefined : Number(number)
}

/** Options with an argument of their own that say where to look, or what to write. */
const withArgument: ReadonlySet<string> = new Set([
  '-I',
  '-include',
  '-isystem',
  '-iquote',
  '-idirafter',
  '-D',
  '-U',
  '-MF',
  '-MT',
  '-MQ',
  '-o',
  '-x',
])

/**
 * Options that make no difference to types, or that a text without bodies cannot be compiled with, or that would have the text
 * preprocessed once more: it is in UTF-8, whatever the source is in. An object that is optimized when it is linked has no debug information
 * before.
 */
const dropped =
  /^-(?:E|c|S|P|O.*|g.*|W.*|w|d[A-Z].*|I.*|D.*|U.*|M.*|isystem.*|iquote.*|idirafter.*|nostdinc|pg|mfentry|mrecord-mcount|mnop-mcount|fplugin.*|fdirectives-only|finput-charset.*|fverbose-asm|fsanitize.*|f(?:no-)?(?:fat-|split-)?lto.*|fwhole-program.*|fprofile.*|fpatchable-function-entry.*|fstack-usage|fdump.*|save-temps.*|f(?:macro|debug|file)-prefix-map.*)$/

/** The command that compiles preprocessed text with the machine's options of a command that preprocesses it. */
function compilation([program = '', ...args]: Argv): Argv {
  const kept: string[] = []
  for (let at = 0; at < args.length - 1; at++) {
    const word = args[at] ?? ''
    if (withArgument.has(word)) at++
    else if (!dropped.test(word)) kept.push(word)
  }
  return [
    program,
    ...kept,
    '-O0',
    '-gdwarf-4',
    '-fno-eliminate-unused-debug-types',
    '-w',
    ...['-x', 'cpp-output'],
    '-c',
  ]
}

function answers(
  types: DebugTypes,
  asked: Names,
  questions: readonly Question[],
): Pick<Probed, 'types' | 'symbols' | 'unclear' | 'aliases'> {
  const known = new Map(
    questions.flatMap(({ about, name }) => {
      const text = types.typedef(name)
      return text === undefined ? [] : [[about, text] as const]
    }),
  )
  const layouts = new Map<string, TypeLayout>()
  const [unclear, aliases] = [new Set<string>(), new Set<string>()]
  for (const name of asked.types) {
    const [layout, ...others] = types.layoutsOf(name)
    if (others.length > 0) unclear.add(name)
    else if (layout) layouts.set(name, withAlign(layout, known.get(name)))
    else if (name.startsWith('t#') && types.typedef(name.slice(2)) !== undefined) aliases.add(name)
  }
  const symbols = new Map(
    [...asked.symbols].flatMap((name) => {
      const text = known.get(name)
      return text === undefined ? [] : [[name, text] as const]
    }),
  )
  return { types: layouts, symbols, unclear, aliases }
}

/** @param asked an array of as many characters as the alignment has bytes */
function withAlign(layout: TypeLayout, asked: string | undefined): TypeLayout {
  const [, align] = /\[(\d+)\]$/.exec(asked ?? '') ?? []
  return layout.kind === 'enum' || align === undefined ? layout : { ...layout, align: Number(align) }
}
