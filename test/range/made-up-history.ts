import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { collectAll } from '../../src/kernel/collect-all.ts'
import { commitAll, git } from '../support/git.ts'
import { fakeTree, kernel, patched, type Dumps, type FakeTree } from '../whitelists/fake-kernel-tree.ts'

/** What each letter of a commit's state does to the kernel: `x` changes struct x, `f`, `g` and `h` drop such a symbol. */
function dumpsOf(state: string): Dumps | undefined {
  if (state.includes('!')) return undefined
  const base = state.includes('x') ? patched : kernel
  const without = (text = '') =>
    text
      .split('\n')
      .filter((line) => !/^[fgh] /.test(line) || !state.includes(line.charAt(0)))
      .join('\n')
  return { 'lib/a.o': without(base['lib/a.o']), 'lib/b.o': without(base['lib/b.o']) }
}

/** A repository whose commits have made-up kernels. */
export interface History {
  readonly tree: FakeTree
  /** The state of each commit that was looked at, in order. */
  readonly seen: string[]
  readonly collect: typeof collectAll
}

/**
 * A commit for each state, oldest first, tagged `c0`, `c1`, …; its subject is `0: state`. A state is the letters of what the kernel lacks:
 * see `dumpsOf`; with `!` it does not compile.
 */
export function historyOf(states: readonly string[]): History {
  const tree = fakeTree(['amd64'])
  const seen: string[] = []
  states.forEach((state, at) => {
    tree.write('Makefile', 'VERSION = 6\n')
    tree.write('state', `${state}\n${at}\n`)
    commitAll(tree.path(), `${at}: ${state}`)
    git(tree.path(), 'tag', `c${at}`)
  })
  const collect: typeof collectAll = async (collections, options) => {
    const { source = '' } = options
    const [state = ''] = readFileSync(join(source, 'state'), 'utf8').split('\n')
    seen.push(state)
    const dumps = dumpsOf(state)
    const made = Object.fromEntries(
      collections.flatMap(({ variant: { name } }) => (dumps ? [[name, dumps]] : [])),
    )
    return (await tree.collect(made)(collections, options)).map((one) =>
      one.kind === 'evidence' ? { ...one, how: { ...one.how, source } } : one,
    )
  }
  return { tree, seen, collect }
}
