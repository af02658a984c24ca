/** One step of a pattern: what a character of the text has to be, or `*`. */
type Step = '*' | ((character: number) => boolean)

/** A pattern to match whole texts against. */
export type Glob = (text: string) => boolean

/** Longer patterns name nothing: the longest path that Linux opens. */
const longest = 4096

/**
 * What is wrong with a pattern, worded to follow it; undefined for a good one. `glob` reads a faulty one all the same.
 */
export function globFault(pattern: string): string | undefined {
  if (pattern.length > longest) return `is longer than ${longest} characters`
  return stepsOf(pattern).open ? 'has a [ without its ]' : undefined
}

/**
 * Prepares a pattern as SUSE's tools read it: `*` stands for any characters, `/` included, `?` for one, `[a-z]` for one of
 * a set, `[^a-z]` for one that is not in it; `\` takes its meaning from the next character. A `[` without its `]` stands for itself.
 * Matching takes at most as many steps as pattern and text multiplied, whatever the pattern.
 * Source: wildmat, as `ksymvers` of suse-kabi-tools has it.
 */
export function glob(pattern: string): Glob {
  const { steps } = stepsOf(pattern)
  return (text) => matches(steps, text)
}

/** True for a pattern that may match another text than itself. */
export function isGlob(pattern: string): boolean {
  return /[*?[\\]/.test(pattern)
}

/** After a `*` only the last one is ever tried again: that the ones before could take more would not help. */
function matches(steps: readonly Step[], text: string): boolean {
  let step = 0
  let at = 0
  let star = -1
  let resume = 0
  while (at < text.length) {
    const now = steps[step]
    if (now === '*') {
      star = step++
      resume = at
    } else if (now?.(text.charCodeAt(at))) {
      step++
      at++
    } else if (star >= 0) {
      step = star + 1
      at = ++resume
    } else return false
  }
  while (steps[step] === '*') step++
  return step === steps.length
}

function stepsOf(pattern: string): { readonly steps: readonly Step[]; readonly open: boolean } {
  const steps: Step[] = []
  let open = false
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]
    if (character === '*') {
      if (steps.at(-1) !== '*') steps.push('*')
    } else if (character === '?') steps.push(() => true)
    else if (character === '[') {
      const set = setAt(pattern, at)
      open ||= set === undefined
      steps.push(set?.holds ?? same(pattern.charCodeAt(at)))
      at = set?.end ?? at
    } else if (character === '\\') steps.push(same(pattern.charCodeAt(++at)))
    else steps.push(same(pattern.charCodeAt(at)))
  }
  return { steps, open }
}

function same(wanted: number): (character: number) => boolean {
  return (character) => character === wanted
}

const dash = '-'.charCodeAt(0)
const close = ']'.charCodeAt(0)

/**
 * Reads the set that begins at a `[`: a `]` or `-` in the first place stands for itself, as does a `-` in the last.
 * @returns undefined when it does not end
 */
function setAt(
  pattern: string,
  start: number,
): { readonly holds: (character: number) => boolean; readonly end: number } | undefined {
  const inverted = pattern[start + 1] === '^'
  const ranges: (readonly [number, number])[] = []
  const first = start + (inverted ? 2 : 1)
  let last = Number.NaN
  for (let at = first; at < pattern.length; at++) {
    const character = pattern.charCodeAt(at)
    if (character === close && at > first) {
      const inSet = (one: number) => ranges.some(([low, high]) => one >= low && one <= high)
      return { holds: inverted ? (one) => !inSet(one) : inSet, end: at }
    }
    const range = character === dash && at > first && pattern.charCodeAt(at + 1) !== close
    if (range) at++
    const end = pattern.charCodeAt(at)
    ranges.push([range ? last : end, end])
    last = end
  }
  return undefined
}
