import { join, resolve } from 'node:path'
import { isError, type Problem } from '../../../problem/problem.ts'
import { quote } from '../../../problem/quote.ts'
import { readText } from '../../../io/read-text.ts'
import { packagePath } from '../../../config/shipped-whitelists.ts'
import { writeFileSafely } from '../../../io/write-file.ts'
import { withData } from '../../../vendor/page/page-data.ts'
import { counted } from '../../../report/words.ts'
import type { CliCommand } from '../../cli-command.ts'
import { UsageError } from '../../usage-error.ts'
import { concludeProblems } from '../../whitelist-output.ts'
import { moduleGroup } from './group.ts'

interface PageOptions {
  readonly config?: string
  readonly output: string
  readonly title?: string
  readonly ask?: string
}

const example = `
The page is one file: put it on a web server or open it from disk. It reads the modules in the browser and sends nothing.

Example:
  kabi-gate module page --config kabi.yml --title "Example Linux 9" --output checker.html
  kabi-gate module page --ask https://example.org/kernel/issues/new?template=kabi-request.yml --output checker.html`

/** `module page`: the checker page with the whitelists of a configuration. */
export const modulePageCommand: CliCommand = {
  define: (program) =>
    moduleGroup(program)
      .command('page')
      .summary('write a web page that checks drivers')
      .description(
        'Write a web page on which driver developers can check modules against the whitelists of kabi.yml.',
      )
      .option('--config <file>', 'the configuration (default: kabi.yml or .github/kabi.yml)')
      .requiredOption('--output <file>', 'the page to write')
      .option('--title <name>', 'the name of the distribution on the page (default: the distribution)')
      .option('--ask <url>', 'where to ask for symbols, an https address: the page gets a link')
      .addHelpText('after', example),

  run: async (command, terminal) => {
    const { config, output, title = 'the distribution', ask } = command.opts<PageOptions>()
    if (ask !== undefined) refuseOtherAddress(ask)
    const { cwd } = terminal
    const { readPageData } = await import('../../../vendor/page/read-page-data.ts')
    const request = {
      config: config === undefined ? undefined : resolve(cwd, config),
      source: cwd,
      variants: [],
      strategy: undefined,
      symvers: [],
      cwd,
    }
    const data = await readPageData({ title, ask: ask ?? '' }, request)
    const problems: Problem[] = [...data.problems]
    const template = join(packagePath(), 'dist', 'checker.html')
    const page = await readText(template)
    problems.push(...page.problems)
    if (problems.some(isError)) return concludeProblems(problems, terminal)
    const filled = withData(page.value, data.value)
    if (filled === undefined) return concludeProblems([noTemplate(template)], terminal)
    const path = resolve(cwd, output)
    const unwritten = await writeFileSafely(path, filled)
    if (unwritten) return concludeProblems([unwritten], terminal)
    const variants = data.value.variants.length
    terminal.stdout.write(`${output}: the checker page for ${counted(variants, 'variant')}\n`)
    return concludeProblems(problems, terminal)
  },
}

/** @throws UsageError for anything but an https address without a name and a password */
function refuseOtherAddress(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const whole = /^https:\/\/[!-~]{1,500}$/.test(text)
  if (!whole || url?.username !== '' || url.password !== '')
    throw new UsageError('--ask needs an address that begins with https://')
}

function noTemplate(file: string): Problem {
  return {
    kind: 'unreadable',
    message: `${quote(file)} is not the checker page that comes with kabi-gate.`,
    place: { file },
    advice: 'Install kabi-gate again.',
  }
}
