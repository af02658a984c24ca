import type { ChangeClass, DefinitionChange } from '../abi/cause.ts'

export type DiffLine =
  | { readonly kind: 'same' | 'added' | 'removed'; readonly text: string }
  | { readonly kind: 'gap'; readonly count: number }

const words: Record<string, string> = { s: 'struct', u: 'union', e: 'enum', t: 'typedef', E: 'enumerator' }

export function definitionTitle(name: string): string {
  const [, kind = '', rest = ''] = /^([suetE])#(.*)$/s.exec(name) ?? []
  return kind === '' ? `declaration of ${name}` : `${words[kind] ?? ''} ${rest}`
}

export function prettyDefinition(name: string, text: string): readonly string[] {
  void name
  return text
    .replace(/ ([,;)\]])/g, '$1')
    .replace(/([([]) /g, '$1')
    .replace(/([suet])#/g, (_, kind: string) => `${words[kind] ?? ''} `)
    .split(/(?<=[{;,]) |(?= })/)
    .map((line) => (/[{}]/.test(line) ? line.trim() : `    ${line.trim()}`))
}

export function definitionDiff(change: DefinitionChange, { context = 3 } = {}): readonly DiffLine[] {
  const before = prettyDefinition(change.name, change.before)
  const after = prettyDefinition(change.name, change.after)
  const inBefore = new Set(before)
  const inAfter = new Set(after)
  const all: DiffLine[] = [
    ...before.filter((line) => !inAfter.has(line)).map((text) => ({ kind: 'removed' as const, text })),
    ...after.map((text) => ({ kind: inBefore.has(text) ? ('same' as const) : ('added' as const), text })),
  ]
  const near: readonly boolean[] = all.map((_, index) =>
    all.slice(Math.max(0, index - context), index + context + 1).some(({ kind }) => kind !== 'same'),
  )
  const lines: DiffLine[] = []
  for (let index = 0; index < all.length;) {
    const line = all[index]
    if (line && near[index]) {
      lines.push(line)
      index++
      continue
    }
    const start = index
    while (index < all.length && !near[index]) index++
    lines.push({ kind: 'gap', count: index - start })
  }
  return lines
}

interface ChangeText {
  readonly title: string
  readonly risk: 'breaks' | 'may-break' | 'usually-harmless'
  readonly explanation: string
  readonly advice: string
  readonly anchor: string
}

export const changeTexts: Readonly<Record<ChangeClass, ChangeText>> = new Proxy(
  {},
  {
    get: (_, name: string): ChangeText => ({
      title: `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`,
      risk: name.startsWith('became') ? 'usually-harmless' : 'breaks',
      explanation: 'Stand-in.',
      advice: 'Stand-in advice.',
      anchor: name,
    }),
  },
) as Record<ChangeClass, ChangeText>
