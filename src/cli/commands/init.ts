import { join, resolve } from 'node:path'
import { isError, type Problem } from '../../abi/problem.ts'
import { initialConfig } from '../../config/initial-config.ts'
import { inspectTree } from '../../config/inspect-tree.ts'
import { createFile } from '../../io/write-file.ts'
import { errorVerdict } from '../../judge/decide.ts'
import { tool } from '../../version.ts'
import type { CliCommand } from '../cli-command.ts'
import { conclude } from '../report-options.ts'
import type { Terminal } from '../terminal.ts'

interface InitOptions {
  readonly source: string
}

const example = `
Example:
  kabi-gate init --source linux`

/** `init`: a commented kabi.yml for the kernel tree. */
export const initCommand: CliCommand = {
  define: (program) =>
    program
      .command('init')
      .summary('write a commented kabi.yml for the kernel tree')
      .description(
        'Look at the kernel tree and write a commented kabi.yml to start from. Never overwrites one.',
      )
      .option('--source <folder>', 'the kernel source tree', '.')
      .addHelpText('after', example),

  run: async (command, terminal) => {
    const { source } = command.opts<InitOptions>()
    const folder = resolve(terminal.cwd, source)
    const path = join(folder, 'kabi.yml')
    const { value: facts, problems } = await inspectTree(folder)
    if (!facts || problems.some(isError)) return refuse(problems, terminal)
    const problem = await createFile(path, initialConfig(facts))
    if (problem) return refuse([problem], terminal)
    terminal.stdout.write(`${path} written. Read it, then run: kabi-gate check\n`)
    return 0
  },
}

function refuse(problems: readonly Problem[], terminal: Terminal): Promise<number> {
  return conclude(errorVerdict(tool, problems, undefined), { format: 'text', files: [] }, terminal)
}
