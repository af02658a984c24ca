import { isAlias, isMap, isScalar, isSeq, visit, type Alias, type Node, type Scalar } from 'yaml'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { formatPath, type SettingPath } from './config-fault.ts'
import { placedProblem, type ConfigSource, type Range } from './source-excerpt.ts'

/** Where a setting stands. */
interface Span {
  /** Absent for items of a list. */
  readonly key: Range | undefined
  readonly value: Range
  /** False for a list or a map. */
  readonly scalar: boolean
}

/** The content of a YAML file, and where each part of it stands. */
export interface YamlContent {
  readonly value: unknown
  readonly spanOf: (path: SettingPath) => Span | undefined
}

/** Gives the name that a key is known by, of the map at a path. */
export type KeyName = (key: string, path: SettingPath) => string

/** Values after aliases are expanded; a large kabi.yml has some hundreds. */
const mostValues = 20_000

/**
 * Turns a parsed YAML file into plain values. Keys are texts, `386:` too; a number in hexadecimal or octal notation
 * stays the text that was written. Aliases are expanded, up to a bound.
 *
 * @param keyName the name that a key is known by, where it has several
 *
 * Problems: a key given twice, of which the first counts. Without a value: too many values, an alias of nothing or
 * of what it stands in.
 */
export function yamlContent(
  root: Node | null,
  source: ConfigSource,
  keyName: KeyName = (key) => key,
): Read<YamlContent | undefined> {
  const spans = new Map<string, Span>()
  const problems: Problem[] = []
  const targets = aliasTargets(root)
  let left = mostValues
  let refused: Problem | undefined
  const refuse = (node: Node | null, message: string, advice: string): null => {
    refused ??= placedProblem(source, rangeOf(node), message, advice)
    return null
  }

  /** @param within the lists and maps around the node, to notice one that contains itself */
  const convert = (node: Node | null, path: SettingPath, within: readonly Node[]): unknown => {
    if (refused) return null
    if (left-- === 0) return refuse(node, `The file holds more than ${mostValues} values.`, tooLarge)
    if (isAlias(node)) {
      const target = targets.get(node)
      const name = quote(node.source)
      if (!target) return refuse(node, `The alias ${name} has no anchor above it.`, aliasAdvice)
      if (within.includes(target)) return refuse(node, `The alias ${name} contains itself.`, aliasAdvice)
      return convert(target, path, within)
    }
    if (isSeq<Node>(node)) {
      return node.items.map((item, index) => enter([...path, index], undefined, item, [...within, node]))
    }
    if (isMap<Scalar, Node | null>(node)) {
      const entries = new Map<string, unknown>()
      for (const { key, value } of node.items) {
        const name = keyName(String(key.value), path)
        const here = [...path, name]
        const first = entries.has(name) ? spans.get(spanKey(here))?.key : undefined
        if (first) problems.push(repeatedKey(source, here, rangeOf(key), first))
        // What copies objects would lose it.
        else if (name === '__proto__') problems.push(placedProblem(source, rangeOf(key), notAKey(here)))
        else entries.set(name, enter(here, rangeOf(key), value, [...within, node]))
      }
      return Object.fromEntries(entries)
    }
    return isScalar(node) ? scalarValue(node) : null
  }

  const enter = (
    path: SettingPath,
    key: Range | undefined,
    node: Node | null,
    within: readonly Node[],
  ): unknown => {
    const target = isAlias(node) ? targets.get(node) : node
    spans.set(spanKey(path), { key, value: rangeOf(node), scalar: !isSeq(target) && !isMap(target) })
    return convert(node, path, within)
  }

  const value = enter([], undefined, root, [])
  if (refused) return { value: undefined, problems: [refused] }
  return { value: { value, spanOf: (path) => spans.get(spanKey(path)) }, problems }
}

const tooLarge = 'Check that this is the right file, and that aliases do not multiply.'
const aliasAdvice = 'Define what the alias (*name) stands for with an anchor (&name) further up.'

/** What each alias means: the last node above it with that anchor. */
function aliasTargets(root: Node | null): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>()
  const targets = new Map<Alias, Node>()
  if (!root) return targets
  visit(root, {
    Node: (_, node) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source)
        if (target) targets.set(node, target)
      } else if (node.anchor !== undefined) {
        anchors.set(node.anchor, node)
      }
    },
  })
  return targets
}

function scalarValue({ value, format, source }: Scalar): unknown {
  return format === 'HEX' || format === 'OCT' ? source : value
}

function rangeOf(node: Node | null): Range {
  const [start = 0, end = 0] = node?.range ?? []
  return { start, end }
}

function spanKey(path: SettingPath): string {
  return JSON.stringify(path)
}

function notAKey(path: SettingPath): string {
  return `${formatPath(path)} cannot be a key.`
}

function repeatedKey(source: ConfigSource, path: SettingPath, key: Range, first: Range): Problem {
  const { line } = source.lineCounter.linePos(first.start)
  const message = `${formatPath(path)} is given twice; the first is on line ${line}.`
  return placedProblem(source, key, message, 'Keep one of the two.')
}
