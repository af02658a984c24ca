import { resolve } from 'node:path'
import { adviceFor } from '../../problem/problem.ts'
import { formatWaivers } from '../../judge/format-waivers.ts'
import { waiversFor } from '../../judge/waivers-for.ts'
import type { CliCommand } from '../cli-command.ts'
import { UsageError } from '../usage-error.ts'

interface WaiverOptions {
  readonly report: string
  readonly reason: string
  readonly owner: string
  readonly ticket?: string
  readonly expires: string
}

const example = `
Example:
  kabi-gate check --output report.json
  kabi-gate waiver kfree_skb --report report.json --owner "Ada Release" --expires 2027-01-31 \\
    --reason "only our own driver uses it" >> kabi-waivers.yml

Prints what stands below waivers: in the file that kabi.yml names (docs/waivers.md). It counts once it is on the branch.`

/** `waiver SYMBOL…`: the waivers of a break, as YAML to put into the file of waivers. */
export const waiverCommand: CliCommand = {
  define: (program) =>
    program
      .command('waiver')
      .summary('print the waivers that excuse findings of a report')
      .description('Print the waivers, as YAML, that excuse what a JSON report says about some symbols.')
      .argument('<symbols...>', 'symbols that the report says are broken')
      .requiredOption('--report <file>', 'the JSON report of a check')
      .requiredOption('--reason <text>', 'why the break is accepted, at least ten characters')
      .requiredOption('--owner <name>', 'who answers for it')
      .requiredOption('--expires <date>', 'the last day it is valid, YYYY-MM-DD')
      .option('--ticket <text>', 'where it was discussed')
      .addHelpText('after', example),

  run: async (command, { cwd, stdout }) => {
    const options = command.opts<WaiverOptions>()
    const { reason, owner, ticket, expires } = options
    const [{ readReport }, { parseWaivers }] = await Promise.all([
      import('../../config/read-report.ts'),
      import('../../config/parse-waivers.ts'),
    ])
    const report = await readReport(resolve(cwd, options.report))
    const because = { reason, owner, expires, ...(ticket === undefined ? {} : { ticket }) }
    const waivers = waiversFor(report.value, command.args, because)
    const [problem] = [...report.problems, ...waivers.problems]
    if (problem) throw new UsageError(problem.message, adviceFor(problem))
    const text = formatWaivers(waivers.value)
    const names = waivers.value.flatMap(({ variants }) => variants)
    // What the check would refuse is refused here, in the words of the check.
    const [refused] = parseWaivers(`version: 1\nwaivers:\n${text}`, 'waiver', names).problems
    if (refused) throw new UsageError(refused.message, adviceFor(refused))
    stdout.write(text)
    return 0
  },
}
