import { spawnSync } from 'node:child_process'

/** What a run of the bundle cost. */
export interface Cost {
  readonly seconds: number
  readonly megabytes: number
  readonly code: number
  readonly output: string
}

/** Runs the bundle in a folder: processor time, the most memory it had, its exit code and what it wrote to stderr. */
export function costOf(
  bundle: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Cost {
  const script = `process.argv.splice(1, 0, ${JSON.stringify(bundle)});
    process.on('exit', (code) => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
      process.stderr.write('\\n' + JSON.stringify([(userCPUTime + systemCPUTime) / 1e6, Math.round(maxRSS / 1000), code])) });
    await import(${JSON.stringify(bundle)})`
  const node = ['--input-type=module', '-e', script, '--', ...args]
  // Without a shell, which would lose variables with a `-` in their names.
  const { stderr: ran } = spawnSync(process.execPath, node, {
    ...{ cwd, env, encoding: 'utf8', maxBuffer: 1e9 },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const lines = ran.trim().split('\n')
  const [seconds = 0, megabytes = 0, code = -1] = JSON.parse(lines.pop() ?? '[]') as number[]
  return { seconds, megabytes, code, output: lines.join('\n') }
}
