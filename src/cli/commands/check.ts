import { resolve } from 'node:path'
import { readRows } from '../../baseline/read-whitelist.ts'
import type { CheckRequest } from '../../gate/request.ts'
import { errorVerdict } from '../../judge/decide.ts'
import type { Verdict } from '../../judge/verdict.ts'
import { isError } from '../../problem/problem.ts'
import { refuseBeside, UsageError } from '../usage-error.ts'
import { tool } from '../../version.ts'
import type { CliCommand } from '../cli-command.ts'
import { showProgress } from '../progress-display.ts'
import { addReleaseOption, releaseOf, type ReleaseOption } from '../release-option.ts'
import { addCollectOptions, collectRequest, type CollectCommandOptions } from '../collect-options.ts'
import { addBisectOptions, concludeStep, soughtOf, type BisectOptions } from '../bisect-options.ts'
import { addBaselineOption, type BaselineOption } from '../baseline-option.ts'
import { addExplanationOptions, explanationRequest, type ExplanationOptions } from '../explanation-options.ts'
import { prepareOutput } from '../output.ts'
import { addReportOptions, conclude, reportRequest, type ReportOptions } from '../report-options.ts'

interface CheckOptions
  extends
    ReportOptions,
    CollectCommandOptions,
    ReleaseOption,
    ExplanationOptions,
    BaselineOption,
    BisectOptions {
  readonly allExports?: boolean
  readonly from?: string
  readonly to?: string
  readonly names?: string
  readonly perCommit?: string
  readonly carryOver: boolean
  readonly why?: boolean
  /** True without a name. */
  readonly blame?: string | true
}

const example = `
Examples:
  kabi-gate check                                 (in a kernel tree with a kabi.yml: every variant)
  kabi-gate check --variant x86_64 --output report.md --output report.json
  kabi-gate check --base origin/main               (names the lines of the patch that changed a checksum)
  kabi-gate check --blame                          (which findings the commit before has, too)
  kabi-gate check --symvers x86_64=build/Module.symvers
  kabi-gate check --from v6.1.170 --to v6.1.192    (two commits, without a whitelist)
  kabi-gate check --per-commit origin/main..HEAD   (which commit of a series breaks what)
  git bisect run kabi-gate check --bisect --baseline-ref v6.1.170 --symbol pci_enable_device
  kabi-gate check --disable-kabi-check --reason "bisecting the break of bug 4711"`

/** `check`: plan, collect and judge in one process. */
export const checkCommand: CliCommand = {
  define: (program) =>
    addReportOptions(
      addBaselineOption(
        addExplanationOptions(
          addReleaseOption(
            addCollectOptions(
              addBisectOptions(
                program
                  .command('check')
                  .summary('check every variant in kabi.yml against its whitelist')
                  .description(
                    'Check a kernel tree: compute the checksums of every variant in kabi.yml and compare them with its whitelist.',
                  )
                  .option(
                    '--all-exports',
                    'compute the checksums of all exports, not only of the protected symbols',
                  )
                  .option(
                    '--from <commit>',
                    'compare two commits with each other, without a whitelist: what this one exports counts as promised',
                  )
                  .option('--to <commit>', 'the commit to compare with it; only with --from (default: HEAD)')
                  .option('--names <file>', 'only these symbols, a list in any dialect; only with --from')
                  .option(
                    '--no-carry-over',
                    'look at this commit itself, whatever evidence of an earlier one still holds',
                  )
                  .option(
                    '--why',
                    'say of each file that changed since the earlier evidence at hand what it can reach',
                  )
                  .option(
                    '--per-commit <base..head>',
                    'say of each commit of a series what it breaks and repairs, in a checkout of its own; the verdict is that of the last one',
                  )
                  .option(
                    '--blame [ref]',
                    'say of each finding whether this commit has it, too, or the patch made it; implies --base (default: the commit of --base or --baseline-ref, else the first parent of HEAD)',
                  ),
              ),
            ),
          ),
        ),
      ),
    ).addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<CheckOptions>()
    const sought = soughtOf(options, notInBisection(options))
    const { output, override } = reportRequest(options)
    await prepareOutput(output)
    const range = rangeOf(options)
    const series = seriesOf(options)
    const progress = await showProgress(terminal.stderr)
    const request = {
      ...collectRequest(options, terminal),
      release: releaseOf(options),
      tool,
      override,
      ...explanationRequest(options, terminal),
      onProgress: progress.update,
      noCarryOver: !options.carryOver,
      why: options.why ?? false,
    }
    if (sought) {
      const { allExports = false, baselineRef, format, json } = options
      const { bisect } = await import('../../gate/bisect.ts')
      const step = bisect({ ...request, allExports, baselineRef }, sought)
      const shown = format === undefined && !json ? undefined : output.format
      return concludeStep(await step.finally(progress.end), { ...output, format: shown }, terminal)
    }
    const verdict = range
      ? compareCommits(range, request)
      : series
        ? checkCommits(series, options, request)
        : checkTree(options, request)
    return conclude(await verdict.finally(progress.end), output, terminal)
  },
}

/** A bisection excuses nothing, and looks at the commit that is checked out. */
function notInBisection(options: CheckOptions): Readonly<Record<string, unknown>> {
  return {
    '--disable-kabi-check': options.disableKabiCheck,
    '--reason': options.reason,
    '--from': options.from,
    '--to': options.to,
    '--names': options.names,
    '--per-commit': options.perCommit,
    '--blame': options.blame,
    '--patch': options.patch,
  }
}

type Request = Omit<CheckRequest, 'baselineRef' | 'allExports'>

async function checkTree(
  { allExports = false, baselineRef, blame }: CheckOptions,
  request: Request,
): Promise<Verdict> {
  const { check } = await import('../../gate/check.ts')
  const against = blame === undefined ? undefined : { ref: blame === true ? undefined : blame }
  return check({ ...request, allExports, baselineRef, against })
}

interface Range {
  readonly from: string
  readonly to: string
  readonly names: string | undefined
}

async function compareCommits({ names, ...range }: Range, request: Request): Promise<Verdict> {
  const { checkRange } = await import('../../range/check-range.ts')
  const list = names === undefined ? undefined : await readRows(resolve(request.cwd, names))
  if (list?.problems.some(isError)) return errorVerdict(request.tool, list.problems, request.override)
  return checkRange({ ...request, ...range, names: list?.value })
}

async function checkCommits(
  series: { readonly from: string; readonly to: string },
  { allExports = false, baselineRef }: CheckOptions,
  request: Request,
): Promise<Verdict> {
  const { checkSeries } = await import('../../range/check-series.ts')
  return checkSeries({ ...request, ...series, allExports, baselineRef })
}

/** @throws UsageError for what is no range, and for options that say what the patch is, or where a finished build lies */
function seriesOf(options: CheckOptions): { readonly from: string; readonly to: string } | undefined {
  const { perCommit } = options
  if (perCommit === undefined) return undefined
  const [from = '', to = 'HEAD', ...rest] = perCommit.split('..')
  if (from === '' || to === '' || to.startsWith('.') || rest.length > 0)
    throw new UsageError(
      `--per-commit ${perCommit}: this is not a range of commits`,
      'Write it as for git log: --per-commit origin/main..HEAD.',
    )
  const others = {
    '--from': options.from,
    '--base': options.base,
    '--patch': options.patch,
    '--symvers': options.symvers[0],
    '--blame': options.blame,
  }
  refuseBeside('--per-commit', others, 'The range says what is looked at.')
  return { from, to }
}

/** @throws UsageError for options that say something of a whitelist or of the work tree. */
function rangeOf(options: CheckOptions): Range | undefined {
  const { from, to = 'HEAD', names } = options
  if (from === undefined) {
    const alone = (['to', 'names'] as const).find((name) => options[name] !== undefined)
    if (alone) throw new UsageError(`--${alone} needs --from`, 'Say with --from which commit is compared.')
    return undefined
  }
  const others = {
    '--base': options.base,
    '--patch': options.patch,
    '--baseline-ref': options.baselineRef,
    '--release': options.release,
    '--all-exports': options.allExports,
    '--symvers': options.symvers[0],
    '--debug-before': options.debugBefore,
    '--blame': options.blame,
  }
  refuseBeside('--from', others, 'Two commits say all of it.')
  return { from, to, names }
}
