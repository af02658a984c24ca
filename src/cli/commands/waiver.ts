import { fstatSync } from 'node:fs'
import { resolve } from 'node:path'
import { definitionName } from '../../abi/explain/definition-title.ts'
import { adviceFor, type Problem } from '../../problem/problem.ts'
import { appendWaivers, waiversHeader } from '../../config/append-waivers.ts'
import { symbolsOfCauses } from '../../config/symbols-of-cause.ts'
import { readText } from '../../io/read-text.ts'
import { mayExist } from '../../baseline/whitelist-files.ts'
import { writeFileSafely } from '../../io/write-file.ts'
import { formatWaivers } from '../../judge/format-waivers.ts'
import { layoutWaiversFor, waiversFor, type ReportedLayout } from '../../judge/waivers-for.ts'
import type { CliCommand } from '../cli-command.ts'
import { counted } from '../../report/words.ts'
import { gather } from '../report-options.ts'
import { symbolArguments } from '../symbol-arguments.ts'
import type { Terminal } from '../terminal.ts'
import { concludeProblems } from '../whitelist-output.ts'
import { UsageError } from '../usage-error.ts'

interface WaiverOptions {
  readonly report: string
  readonly reason: string
  readonly owner: string
  readonly ticket?: string
  readonly expires: string
  readonly cause: readonly string[]
  readonly layout: readonly string[]
  readonly append?: string
}

const example = `
Example:
  kabi-gate check --output report.json
  kabi-gate waiver kfree_skb --report report.json --owner "Ada Release" --expires 2027-01-31 \\
    --reason "only our own driver uses it" --append kabi-waivers.yml
  kabi-gate waiver --cause "struct pci_dev" @symbols.txt --report report.json …

Without --append it prints what stands below waivers: in the file that kabi.yml names (docs/waivers.md); into a file that is
empty, the whole of it. A waiver counts once it is on the branch.`

/** `waiver SYMBOL…`: the waivers of a break, as YAML to put into the file of waivers. */
export const waiverCommand: CliCommand = {
  define: (program) =>
    program
      .command('waiver')
      .summary('print the waivers that excuse findings of a report')
      .description(
        'Print the waivers, as YAML, that excuse what a JSON report says about some symbols or types.',
      )
      .argument('[symbols...]', 'symbols that the report says are broken; @FILE for those of a list')
      .requiredOption('--report <file>', 'the JSON report of a check')
      .requiredOption('--reason <text>', 'why the break is accepted, at least ten characters')
      .requiredOption('--owner <name>', 'who answers for it')
      .requiredOption('--expires <date>', 'the last day it is valid, YYYY-MM-DD')
      .option('--ticket <text>', 'where it was discussed')
      .option(
        '--cause <type>',
        'all symbols that changed through this type alone, as in "struct pci_dev"; repeatable',
        gather,
        [],
      )
      .option(
        '--layout <type>',
        'a type that moved in memory, as in "struct pci_dev"; those of --cause are among them; repeatable',
        gather,
        [],
      )
      .option('--append <file>', 'add them to a file of waivers, which need not exist yet')
      .addHelpText('after', example),

  run: async (command, terminal) => {
    const { cwd, stdout } = terminal
    const options = command.opts<WaiverOptions>()
    const { reason, owner, ticket, expires } = options
    const [{ readReport }, { parseWaivers }] = await Promise.all([
      import('../../config/read-report.ts'),
      import('../../config/parse-waivers.ts'),
    ])
    const report = await readReport(resolve(cwd, options.report))
    const because = { reason, owner, expires, ...(ticket === undefined ? {} : { ticket }) }
    if (report.problems[0]) refuse(report.problems[0])
    const { findings, causes, layouts } = report.value
    const caused = symbolsOfCauses(findings, causes, options.cause)
    if (caused.problems[0]) refuse(caused.problems[0])
    const symbols = [...(await symbolArguments(command.args, cwd)), ...caused.value]
    const types = [...options.layout, ...movedCauses(layouts, options.cause)]
    if (symbols.length + types.length === 0)
      throw new UsageError('nothing is named', 'Name symbols, @FILE, or a type with --cause or --layout.')
    const [ofSymbols, ofTypes] = [
      waiversFor(findings, symbols, because),
      layoutWaiversFor(layouts, types, because),
    ]
    const [problem] = [...ofSymbols.problems, ...ofTypes.problems]
    if (problem) refuse(problem)
    const waivers = [...ofSymbols.value, ...ofTypes.value]
    const text = formatWaivers(waivers)
    const names = waivers.flatMap(({ variants }) => variants)
    // What the check would refuse is refused here, in the words of the check.
    const [refused] = parseWaivers(`version: 1\nwaivers:\n${text}`, 'waiver', names).problems
    if (refused) refuse(refused)
    if (options.append !== undefined) return append(resolve(cwd, options.append), text, terminal)
    stdout.write(isEmptyFile(stdout) ? waiversHeader + text : text)
    return 0
  },
}

/** Of the causes, those that moved in memory, too. */
function movedCauses(layouts: readonly ReportedLayout[], causes: readonly string[]): readonly string[] {
  return causes.map(definitionName).filter((cause) => layouts.some(({ name }) => name === cause))
}

function refuse(problem: Problem): never {
  throw new UsageError(problem.message, adviceFor(problem))
}

async function append(path: string, addition: string, terminal: Terminal): Promise<number> {
  const there = (await mayExist(path)) ? await readText(path) : { value: '', problems: [] }
  if (there.problems.length > 0) return concludeProblems(there.problems, terminal)
  const { value: text, problems } = appendWaivers(there.value, addition, path)
  if (text === undefined) return concludeProblems(problems, terminal)
  const problem = await writeFileSafely(path, text)
  if (problem) return concludeProblems([problem], terminal)
  terminal.stdout.write(`${counted(addition.split(/^ {2}- /m).length - 1, 'waiver')} added to ${path}\n`)
  return 0
}

/** True for `> file` and `>> file` where nothing stands in it yet. */
function isEmptyFile(stream: object): boolean {
  try {
    const found = 'fd' in stream && typeof stream.fd === 'number' ? fstatSync(stream.fd) : undefined
    return found?.isFile() === true && found.size === 0
  } catch {
    return false
  }
}
