import { dirname, join, resolve } from 'node:path'
import { isError } from '../../problem/problem.ts'
import { codeOwners } from '../../config/code-owners.ts'
import { initialConfig } from '../../config/initial-config.ts'
import { inspectTree } from '../../config/inspect-tree.ts'
import type { TreeFacts } from '../../config/tree-facts.ts'
import { mayExist } from '../../baseline/whitelist-files.ts'
import { createFile } from '../../io/write-file.ts'
import { ignoredByGit } from '../../git/ignored-by-git.ts'
import { printable } from '../../report/escape.ts'
import { scrubbedEnvironment } from '../../processes/scrubbed-environment.ts'
import type { CliCommand } from '../cli-command.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import { concludeProblems } from '../whitelist-output.ts'

interface InitOptions {
  readonly source: string
  readonly codeowners?: string
}

const example = `
Examples:
  kabi-gate init --source linux
  kabi-gate init --source rpms/kernel
  kabi-gate init --codeowners @distro/kabi`

/** `init`: a commented kabi.yml for the kernel tree. */
export const initCommand: CliCommand = {
  define: (program) =>
    program
      .command('init')
      .summary('write a commented kabi.yml for the kernel tree')
      .description(
        'Look at the kernel tree, or at the folder of a kernel package, and write a commented kabi.yml with every variant ' +
          'that the distribution keeps a configuration or a list for. Never overwrites one.',
      )
      .option('--source <folder>', 'the kernel source tree', '.')
      .option(
        '--codeowners <owner>',
        'write .github/CODEOWNERS instead: this owner for the files through which a patch could change the result of the gate',
      )
      .addHelpText('after', example),

  run: async (command, terminal) => {
    const { source, codeowners } = command.opts<InitOptions>()
    const folder = resolve(terminal.cwd, source)
    const path = join(folder, 'kabi.yml')
    const { value: facts, problems } = await inspectTree(folder)
    if (!facts || problems.some(isError)) return concludeProblems(problems, terminal)
    if (codeowners !== undefined) return writeCodeOwners(folder, codeowners, facts, terminal)
    const problem = await createFile(path, initialConfig(facts))
    if (problem) return concludeProblems([problem], terminal)
    const check = facts.version === undefined ? 'check --config kabi.yml --source TREE' : 'check'
    terminal.stdout.write(`${path} written. Read it, then run: kabi-gate ${check}\n`)
    for (const { name, value, line } of facts.fixed)
      terminal.stdout.write(
        `note: line ${line} of the Makefile fixes ${name}, ${printable(value, 100)}; kabi.yml counts instead.\n`,
      )
    const later = ['whitelists/VARIANT/symtypes.gz', '.github/workflows/kabi-gate.yml']
    return noteIgnored([path, ...later.map((file) => join(folder, file))], folder, terminal)
  },
}

/** A user, a team or an address, as GitHub takes them. */
const ownerForm = /^(?:@[\w-]+(?:\/[\w.-]+)?|[^\s@#]+@[^\s@#]+)$/

async function writeCodeOwners(
  folder: string,
  owner: string,
  { whitelists, pieces, severities, variants }: TreeFacts,
  terminal: Terminal,
): Promise<number> {
  if (!ownerForm.test(owner))
    throw new UsageError(
      `--codeowners ${owner}: expected a user, a team or an address`,
      'Write @user, or @organization/team.',
    )
  const named = [whitelists, pieces?.path, severities && dirname(severities)]
  const kept = variants.flatMap(({ config, list }) => [
    ...(config.kind === 'none' ? [] : [dirname(config.path)]),
    ...(list ? [dirname(list.path)] : []),
  ])
  const folders = [...named, ...kept].flatMap((one) => (one === undefined || one === '.' ? [] : one))
  const text = codeOwners(owner, [...new Set(folders)])
  const places = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'].map((place) => join(folder, place))
  for (const path of places) {
    if (!(await mayExist(path))) continue
    const excerpt = text.trimEnd().split('\n')
    const message = `${path} exists already; add these lines to it.`
    return concludeProblems(
      [{ kind: 'unwritable', message, place: { file: path }, excerpt, advice: 'Add the lines shown.' }],
      terminal,
    )
  }
  const [path = ''] = places
  const problem = await createFile(path, text)
  if (problem) return concludeProblems([problem], terminal)
  terminal.stdout.write(
    `${path} written. Require reviews from code owners in the rulesets of your branches.\n`,
  )
  return noteIgnored([path], folder, terminal)
}

/** Says which files, written or still to come, git would leave out of a commit. */
async function noteIgnored(paths: readonly string[], folder: string, terminal: Terminal): Promise<number> {
  const env = scrubbedEnvironment(terminal.env)
  const note = await ignoredByGit(paths, { cwd: folder, env, signal: terminal.signal })
  return concludeProblems(note ? [note] : [], terminal)
}
