import { groupBy } from '../../abi/group-by.ts'
import {
  evaluate,
  greater,
  isConstant,
  lesser,
  textOf,
  tristate,
  type Tristate,
} from './kconfig-expression.ts'
import { linesReader, readConfigEntries, type ConfigEntry, type KconfigArch } from './kconfig-entries.ts'
import type { TreeView } from './patched-tree.ts'

/** What somebody asked for. Options are named without `CONFIG_`. */
export interface Requested {
  /** The value that a line asks for; undefined where none does. */
  readonly line: (name: string) => string | undefined
  /** What make answers where nobody asked for anything: `n` of allnoconfig; absent: the default. */
  readonly answer?: 'n' | 'm' | 'y'
}

type Wish = (name: string) => string | undefined

/** The configuration that a tree's Kconfig files make of what was asked for. Options are named without `CONFIG_`. */
export interface KconfigState {
  /** The value of an option, `n` for one that is not set; undefined where it is not known. */
  readonly value: (name: string) => string | undefined
}

interface Definitions {
  readonly entries: ReadonlyMap<string, readonly ConfigEntry[]>
  /** Entries with `select` or `imply`, by what they select. */
  readonly selecting: ReadonlyMap<string, readonly ConfigEntry[]>
  readonly implying: ReadonlyMap<string, readonly ConfigEntry[]>
}

function definitionsIn(all: readonly ConfigEntry[]): Definitions {
  const by = (list: (entry: ConfigEntry) => ConfigEntry['selects']): Map<string, ConfigEntry[]> => {
    const found = new Map<string, ConfigEntry[]>()
    for (const entry of all) {
      for (const { value } of list(entry)) {
        const some = found.get(value)
        if (some) some.push(entry)
        else found.set(value, [entry])
      }
    }
    return found
  }
  return {
    entries: groupBy(all, ({ name }) => name),
    selecting: by(({ selects }) => selects),
    implying: by(({ implies }) => implies),
  }
}

interface KconfigModel {
  /**
   * The configuration of another state of the tree. What this model does not explain in the patched tree itself is taken to be
   * as it is there: only what follows from differing Kconfig files differs.
   */
  readonly of: (view: TreeView, requested: Requested) => KconfigState
  /** True when the model gives the value that the option really has in the patched tree. */
  readonly explains: (name: string) => boolean
}

/**
 * Makes a model of the kernel's configuration that is held against the real one.
 * @param actual the values in the patched tree, without `CONFIG_` in the names; an option that it does not have is `n`
 */
export function kconfigModel(
  after: TreeView,
  requested: Requested,
  actual: ReadonlyMap<string, string>,
  arch: KconfigArch,
): KconfigModel {
  const lines = linesReader()
  const definitionsOf = (view: TreeView): Definitions => definitionsIn(readConfigEntries(view, arch, lines))
  const real = (name: string): string => actual.get(name) ?? (isConstant(name) ? name : 'n')
  const now = definitionsOf(after)
  const explained = new Map<string, { readonly answered: boolean } | undefined>()
  /** How the real value comes about: by a line or by default, or by an answer of make. */
  const explanationOf = (name: string): { readonly answered: boolean } | undefined => {
    if (!explained.has(name)) {
      const answers = [false, ...(requested.answer ? [true] : [])]
      const answered = answers.find(
        (one) =>
          compute(
            name,
            now,
            wish(requested, () => one),
            real,
          ) === real(name),
      )
      explained.set(name, answered === undefined ? undefined : { answered })
    }
    return explained.get(name)
  }
  const wish =
    (asked: Requested, isAnswered: (name: string) => boolean): Wish =>
    (name) =>
      asked.line(name) ?? (isAnswered(name) ? asked.answer : undefined)
  return {
    explains: (name) => explanationOf(name) !== undefined,
    of: (view, asked) => {
      const then = view === after ? now : definitionsOf(view)
      const wished = wish(asked, (name) => explanationOf(name)?.answered ?? false)
      const values = new Map<string, string | undefined>()
      const value = (name: string): string | undefined => {
        if (values.has(name)) return values.get(name)
        // In a circle of dependencies nothing changes by itself.
        values.set(name, real(name))
        if (!explanationOf(name)) return real(name)
        values.set(name, compute(name, then, wished, value))
        return values.get(name)
      }
      return { value }
    },
  }
}

/** Applies the rules of Kconfig to one option; see `sym_calc_value` in scripts/kconfig/symbol.c. */
function compute(
  name: string,
  { entries, selecting, implying }: Definitions,
  wished: Wish,
  valueOf: (name: string) => string | undefined,
): string | undefined {
  const own = entries.get(name)
  if (!own) return 'n'
  const type = own.find((entry) => entry.type)?.type ?? 'bool'
  const all = (expressions: readonly (string | undefined)[]): Tristate =>
    expressions.reduce<Tristate>((value, one) => lesser(value, evaluate(one, valueOf)), 2)
  const bound = (value: Tristate): Tristate => (type === 'bool' && value === 1 ? 2 : value)
  const some = (values: readonly Tristate[]): Tristate => values.reduce<Tristate>(greater, 0)
  const visible = bound(
    some(
      own.map(({ prompt, depends, visibleIf }) =>
        prompt ? all([prompt.condition, ...depends, ...visibleIf]) : 0,
      ),
    ),
  )
  const possible = some(own.map(({ depends }) => all(depends)))
  const forced = (from: ReadonlyMap<string, readonly ConfigEntry[]>, list: 'selects' | 'implies'): Tristate =>
    some(
      (from.get(name) ?? []).flatMap((entry) =>
        entry[list]
          .filter(({ value }) => value === name)
          .map(({ condition }) => all([entry.name, condition, ...entry.depends])),
      ),
    )
  const choice = own.find((entry) => entry.choice)?.choice
  const asked = wished(name)
  if (type === 'other') return otherValue(own, visible, asked, valueOf)
  let value: Tristate
  if (choice) value = chosen(name, choice, wished, visible, valueOf)
  else if (visible === undefined) return undefined
  else if (visible > 0 && asked !== undefined) value = lesser(tristate(asked), visible)
  else {
    const standard = defaultOf(own, valueOf)
    value = standard ? lesser(evaluate(standard.value, valueOf), standard.holds) : 0
    value = greater(value, lesser(forced(implying, 'implies'), possible))
  }
  value = bound(greater(value, bound(forced(selecting, 'selects'))))
  return value === undefined ? undefined : (['n', 'm', 'y'] as const)[value]
}

/** The first default whose condition holds, or may. */
function defaultOf(
  own: readonly ConfigEntry[],
  valueOf: (name: string) => string | undefined,
): { readonly value: string; readonly holds: Tristate } | undefined {
  for (const { defaults, depends } of own) {
    for (const { value, condition } of defaults) {
      const holds = [condition, ...depends].reduce<Tristate>(
        (sum, one) => lesser(sum, evaluate(one, valueOf)),
        2,
      )
      if (holds !== 0) return { value, holds }
    }
  }
  return undefined
}

function otherValue(
  own: readonly ConfigEntry[],
  visible: Tristate,
  asked: string | undefined,
  valueOf: (name: string) => string | undefined,
): string | undefined {
  if (visible === undefined) return undefined
  if (visible > 0 && asked !== undefined) return asked
  const standard = defaultOf(own, valueOf)
  if (!standard) return 'n'
  return standard.holds === undefined ? undefined : textOf(standard.value, valueOf)
}

function chosen(
  name: string,
  { members, defaults }: NonNullable<ConfigEntry['choice']>,
  wished: Wish,
  visible: Tristate,
  valueOf: (name: string) => string | undefined,
): Tristate {
  if (visible === undefined || visible === 0) return visible
  const wish = members.findLast((one) => wished(one) === 'y')
  if (wish !== undefined) return wish === name ? 2 : 0
  const standard = defaults.find(({ condition }) => evaluate(condition, valueOf) !== 0)?.value
  return (standard ?? members[0]) === name ? 2 : 0
}
