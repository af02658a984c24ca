import type { Command } from 'commander'
import { bisectCode } from '../judge/exit-code.ts'
import type { Bisected, Sought } from '../gate/bisect.ts'
import { renderBisectLine } from '../report/bisect-line.ts'
import { renderProblems } from '../report/text/problem-blocks.ts'
import { askedNames } from './asked-names.ts'
import { deliver, type OutputRequest } from './output.ts'
import { textLayout, type Terminal } from './terminal.ts'
import { refuseBeside, UsageError } from './usage-error.ts'

/** The options for `git bisect run`, as the command line gives them. */
export interface BisectOptions {
  readonly bisect?: boolean
  readonly symbol?: string | undefined
  readonly type?: string | undefined
}

/** Adds the options to a command. */
export function addBisectOptions(command: Command): Command {
  return command
    .option('--bisect', 'for git bisect run: one line, and the exit codes that it wants')
    .option('--symbol <name>', 'bad is only what breaks this protected symbol; only with --bisect')
    .option(
      '--type <name>',
      'bad is only what changes this definition, such as "struct device" or s#device; only with --bisect',
    )
}

/**
 * What to look for; undefined without --bisect.
 * @param others what else was given, by the name of its option
 * @throws UsageError for options that have no meaning in a bisection, and for those that have one only there
 */
export function soughtOf(
  { bisect, symbol, type }: BisectOptions,
  others: Readonly<Record<string, unknown>>,
): Sought | undefined {
  if (!bisect) {
    const alone = symbol !== undefined ? '--symbol' : type !== undefined ? '--type' : undefined
    if (alone === undefined) return undefined
    throw new UsageError(`${alone} needs --bisect`, 'To see one symbol or type, use kabi-gate explain.')
  }
  const sought = soughtIn({ symbol, type })
  refuseBeside('--bisect', others, 'A bisection looks at one commit after the other, and excuses none.')
  return sought
}

/**
 * What --symbol and --type ask for.
 * @throws UsageError for both, and for a type that is not one name
 */
export function soughtIn({ symbol, type }: Omit<BisectOptions, 'bisect'>): Sought {
  if (symbol !== undefined && type !== undefined)
    throw new UsageError('--symbol contradicts --type', 'Bisect for one of them, then for the other.')
  if (symbol !== undefined) return { kind: 'symbol', symbol }
  if (type === undefined) return { kind: 'any' }
  const names = typeNames(type)
  if (names) return { kind: 'type', names }
  throw new UsageError(
    `--type ${type}: this is not one name`,
    'Write it as in C, --type "struct device", or --type s#device.',
  )
}

/**
 * What a name of a type may mean, as genksyms writes it: a bare word is a structure, a union, an enumeration, a typedef or an enumerator.
 * Undefined for what is not one name.
 */
export function typeNames(type: string): readonly string[] | undefined {
  const { symbols, types } = askedNames([type])
  const [word] = symbols
  if (symbols.length + types.length !== 1) return undefined
  return word === undefined ? types : ['s', 'u', 'e', 't', 'E'].map((letter) => `${letter}#${word}`)
}

/**
 * Says what the step came to, and gives the exit code for git. A report that was asked for takes the place of the line on standard
 * output, and the line goes to standard error. A report that was lost ends the bisection.
 */
export async function concludeStep(
  bisected: Bisected,
  {
    files,
    format,
  }: { readonly files: OutputRequest['files']; readonly format: OutputRequest['format'] | undefined },
  terminal: Terminal,
): Promise<number> {
  const { verdict, step } = bisected
  const { stdout, stderr, env } = terminal
  const line = renderBisectLine(bisected)
  ;(format === undefined ? stdout : stderr).write(line)
  const delivered = await deliver(verdict, { format, files }, terminal)
  if (step.kind === 'stopped' && format === undefined)
    stderr.write(renderProblems(verdict.problems, textLayout(stderr, env)))
  return bisectCode(delivered ? step : { kind: 'stopped' })
}
