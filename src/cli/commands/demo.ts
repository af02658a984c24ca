import { stableGuard } from '../../judge/variant-case.ts'
import { gunzipSync } from 'node:zlib'
import { applyPatch } from 'diff'
import picocolors from 'picocolors'
import { isError, type Read } from '../../problem/problem.ts'
import { parseSymvers } from '../../abi/parse-symvers.ts'
import { parseWhitelist } from '../../abi/parse-whitelist.ts'
import type { Symvers } from '../../abi/export.ts'
import type { Whitelist } from '../../abi/whitelist.ts'
import { decide } from '../../judge/decide.ts'
import { exitCode } from '../../judge/exit-code.ts'
import { presetPolicy } from '../../judge/policy.ts'
import type { Override, Result, Verdict } from '../../judge/verdict.ts'
import { renderText } from '../../report/text/render-text.ts'
import { tool } from '../../version.ts'
import type { CliCommand } from '../cli-command.ts'
import exampleData from '../demo/example.json' with { type: 'json' }
import type { Example } from '../demo/example.ts'
import { wantsColor, type Terminal } from '../terminal.ts'

const reason = 'finding out which commit broke the ABI'

const usage = `
Examples:
  kabi-gate demo                       (downloads and builds nothing)
  kabi-gate demo --kernel              (downloads the newest kernel of Debian 12 through apt: about 135 MiB)
  kabi-gate demo --kernel 6.1.170-3    (another version in Debian’s archive)

Exits with 0 if it could show the check, whatever the check found.`

/**
 * `demo`: the gate on a real kernel before and after a patch that grows a structure; both builds are embedded. With
 * --kernel, on a kernel of Debian's archive.
 */
export const demoCommand: CliCommand = {
  define: (program) =>
    program
      .command('demo')
      .summary('show a check of an embedded example, or of a Debian kernel')
      .description(
        'Check a real kernel before and after a patch: green, red, and green with the disable flag. Both builds are embedded.',
      )
      .option(
        '--kernel [version]',
        'download a kernel of Debian 12 instead and check it with the whitelist that comes with kabi-gate',
      )
      .addHelpText('after', usage),

  run: async (command, terminal) => {
    const { kernel } = command.opts<{ readonly kernel?: true | string }>()
    if (kernel === undefined) return showExample(terminal)
    const { demoKernel } = await import('./demo-kernel.ts')
    return demoKernel(kernel === true ? undefined : kernel, terminal)
  },
}

function showExample({ stdout, env }: Terminal): number {
  const example: Example = exampleData
  const color = wantsColor(stdout, env)
  const { bold, dim } = picocolors.createColors(color)
  const { whitelist, before, after } = unpack(example)
  const override: Override = { reason, by: 'you' }
  const steps: readonly Step[] = [
    { title: 'The released kernel: green', symvers: before, override: undefined, expected: 'pass' },
    { title: 'The kernel with the patch: red', symvers: after, override: undefined, expected: 'break' },
    { title: `The same with the disable flag`, symvers: after, override, expected: 'overridden' },
  ]
  stdout.write(
    `Linux ${example.kernel}, variant ${example.variant}, ${before.exports.length} exports, built with ${example.compiler}.\n` +
      `A patch grows a structure:\n\n${dim(indent(example.patch))}\n`,
  )
  const codes = steps.map((step, index) => {
    const verdict = judge(example, whitelist, step)
    if (verdict.result !== step.expected) throw new Error(`demo step ${index + 1} gave ${verdict.result}`)
    const code = exitCode(verdict)
    const report = indent(renderText(verdict, { color, maxSymbols: index === 2 ? 3 : 12 }))
    stdout.write(`${bold(`${index + 1}. ${step.title} (exit code ${code})`)}\n\n${report}\n`)
    return code
  })
  stdout.write(
    `Exit codes ${codes.join(', ')}: a pull request would be green, red, and green with a record of who and why.\n`,
  )
  return 0
}

interface Step {
  readonly title: string
  readonly symvers: Symvers
  readonly override: Override | undefined
  readonly expected: Result
}

function judge(example: Example, whitelist: Whitelist, { symvers, override }: Step): Verdict {
  const { variant } = example
  return decide({
    tool,
    policy: presetPolicy('strict'),
    variants: [
      {
        name: variant,
        arch: undefined,
        guard: stableGuard({
          whitelist,
          collected: {
            kind: 'evidence',
            variant,
            symvers,
            how: { strategy: 'prebuilt', seconds: 0 },
            notes: [],
          },
        }),
        problems: [],
      },
    ],
    override,
    problems: [],
  })
}

function unpack(example: Example): { whitelist: Whitelist; before: Symvers; after: Symvers } {
  const before = gunzipSync(Buffer.from(example.before, 'base64')).toString()
  const after = applyPatch(before, example.change)
  if (after === false) throw new Error('the embedded example is damaged: its change does not apply')
  return {
    whitelist: sound(parseWhitelist(example.whitelist, 'kabi_whitelist')),
    before: sound(parseSymvers(before, 'before/Module.symvers')),
    after: sound(parseSymvers(after, 'after/Module.symvers')),
  }
}

function sound<T>({ value, problems }: Read<T>): T {
  const error = problems.find(isError)
  if (error) throw new Error(`the embedded example is damaged: ${error.message}`)
  return value
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}
