import { availableParallelism } from 'node:os'
import type { Problem } from '../../problem/problem.ts'
import type { KernelDemo } from '../../debian/demo-kernel.ts'
import { showProgress } from '../progress-display.ts'
import { errorVerdict } from '../../judge/decide.ts'
import { exitCode } from '../../judge/exit-code.ts'
import { scrubbedEnvironment } from '../../processes/scrubbed-environment.ts'
import { cacheFolder } from '../../kernel/work-dir.ts'
import { alignColumns } from '../../report/text/align-columns.ts'
import { tool } from '../../version.ts'
import { deliver } from '../output.ts'
import { conclude } from '../report-options.ts'
import type { Terminal } from '../terminal.ts'

/** Settings of the network and of apt that its user may have in the environment. */
const aptVariables = ['http_proxy', 'https_proxy', 'ftp_proxy', 'no_proxy', 'all_proxy', 'APT_CONFIG']

/**
 * `demo --kernel`: gates a kernel of Debian's archive.
 * @param version as Debian counts; undefined for the newest
 * @param shipped the folder with the families of whitelists; undefined for the one that comes with kabi-gate
 * @returns 0 when the gate came to a verdict, whatever it is
 */
export async function demoKernel(
  version: string | undefined,
  terminal: Terminal,
  shipped?: string,
): Promise<number> {
  const { env, signal, stdout, stderr } = terminal
  const { planDemo, fetchDemo, gateDemo } = await import('../../debian/demo-kernel.ts')
  const session = { env: { ...scrubbedEnvironment(env), ...aptEnvironment(env) }, signal }
  const { value: demo, problems } = await planDemo({ ...session, version, cache: cacheFolder(env), shipped })
  if (!demo) return refuse(problems, terminal)
  stdout.write(announcement(demo))
  const started = performance.now()
  const problem = await fetchDemo(demo, session, (step) => stderr.write(`${step} ...\n`))
  if (problem) return refuse([problem], terminal)
  const progress = await showProgress(stderr)
  const verdict = await gateDemo(demo, {
    tool,
    jobs: availableParallelism(),
    signal,
    onProgress: progress.update,
    shipped,
  }).finally(progress.end)
  await deliver(verdict, { format: 'text', files: [] }, terminal)
  const code = exitCode(verdict)
  stdout.write(conclusion(demo, code, (performance.now() - started) / 1000))
  return verdict.result === 'error' ? code : 0
}

function aptEnvironment(env: Terminal['env']): Record<string, string> {
  return Object.fromEntries(
    aptVariables.flatMap((name) => {
      const value = env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function refuse(problems: readonly Problem[], terminal: Terminal): Promise<number> {
  return conclude(errorVerdict(tool, problems, undefined), { format: 'text', files: [] }, terminal)
}

function announcement({ offer, folder, packages, whitelist, disk, tools }: KernelDemo): string {
  const downloads = packages.map(({ name, file, present }) =>
    present ? `${name} is there already` : `${name}, ${size(file.bytes)}`,
  )
  const free = disk.free === undefined ? '' : `, ${size(disk.free)} are free`
  const rows = [
    ['kernel', `Debian’s Linux ${offer.version}, configured for amd64`],
    ['whitelist', `${whitelist.symbols} symbols, ${whitelist.file}`],
    ...downloads.map((download, index) => [index === 0 ? 'download' : '', download]),
    ['folder', folder],
    ['disk', `${size(disk.needed)} needed${free}`],
    ['tools', `all there: ${tools.slice(0, 6).join(', ')} and ${tools.length - 6} more`],
    ['time', 'a few minutes, most of it to compute the checksums; a second run takes seconds'],
  ]
  return [...alignColumns(rows), '', ''].join('\n')
}

function conclusion({ folder, offer }: KernelDemo, code: number, seconds: number): string {
  return [
    '',
    `kabi-gate check would end with exit code ${code}. All of it took ${Math.round(seconds)} seconds.`,
    `Everything is in ${folder}; remove it when you are done.`,
    `Another kernel: kabi-gate demo --kernel VERSION, with a version that "apt-cache madison ${offer.source}" lists.`,
    '',
  ].join('\n')
}

function size(bytes: number): string {
  const mebibytes = bytes / 1024 ** 2
  return mebibytes < 1024 ? `${mebibytes.toFixed(1)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`
}
