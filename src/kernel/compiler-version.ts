import type { Problem } from '../problem/problem.ts'
import type { Toolchain } from '../config/plan.ts'
import type { Kbuild } from './make.ts'
import { run, type Stream } from '../processes/run.ts'
import { toolchainCommands } from './toolchain-commands.ts'

/** Gives the first line of what the compiler says to `--version`. */
export async function compilerVersion(toolchain: Toolchain, kbuild: Kbuild): Promise<string | Problem> {
  const { compiler } = toolchainCommands(toolchain)
  const [program = '', ...args] = compiler.split(/\s+/)
  let first: string | undefined
  const onLine = (line: string, stream: Stream): void => {
    if (stream === 'stdout') first ??= line
  }
  const command = { program, args: [...args, '--version'], cwd: kbuild.source, env: kbuild.env }
  const ended = await run(command, { signal: kbuild.signal, onLine })
  if (ended.kind === 'interrupted')
    return { kind: 'interrupted', message: `${compiler} --version was stopped` }
  if (ended.kind === 'exited' && ended.code === 0 && first) return first
  return {
    kind: 'missing-tool',
    message: `${compiler} --version failed: ${'code' in ended ? ended.code : ended.signal}`,
    advice: 'Check the toolchain of the variant in kabi.yml; the command must be a working compiler.',
  }
}
