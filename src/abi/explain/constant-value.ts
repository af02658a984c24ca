/**
 * The value of a constant expression of C, when it can be told from the tokens alone and fits into an `int` all the way.
 * @param known gives the values of enumerators
 * @param long the size of `long` and of a pointer; without it, such a size is not known
 */
export function constantValue(
  tokens: readonly string[],
  known: (enumerator: string) => number | undefined = () => undefined,
  long?: number,
): number | undefined {
  // The complement and the shifts of an unsigned number depend on its width.
  const unsigned = tokens.some((token) => token === 'sizeof' || /^\d\w*u/i.test(token))
  let at = 0

  const primary = (): number | undefined => {
    const token = tokens[at++] ?? ''
    if (token === '(') {
      const value = operation(0)
      return tokens[at++] === ')' ? value : undefined
    }
    if (token === '-') return int(negative(primary()))
    if (token === '+') return primary()
    if (token === '~') {
      const value = primary()
      return value === undefined || unsigned ? undefined : ~value
    }
    if (token === 'sizeof' && tokens[at] === '(') {
      const close = tokens.indexOf(')', at)
      const size = sizeOf(tokens.slice(at + 1, close), long)
      at = close + 1
      return close < 0 ? undefined : size
    }
    const number = /^(0x[\da-f]+|\d+)u?l{0,2}$/i.exec(token)?.[1]
    if (number === undefined) return known(token.replace(/^E#/, ''))
    return int(/^0\d/.test(number) ? Number.parseInt(number, 8) : Number(number))
  }
  const operation = (least: number): number | undefined => {
    let left = primary()
    for (;;) {
      const operator = operators.get(tokens[at] ?? '')
      if (!operator || operator.strength < least) return left
      at++
      const right = operation(operator.strength + 1)
      left = left === undefined || right === undefined ? undefined : int(operator.apply(left, right))
      if (unsigned && left !== undefined && left < 0) return undefined
    }
  }
  if (tokens.length === 0 || tokens.length > 1000) return undefined
  const value = operation(0)
  return at === tokens.length ? value : undefined
}

interface Operator {
  readonly strength: number
  readonly apply: (a: number, b: number) => number | undefined
}

const operators: ReadonlyMap<string, Operator> = new Map([
  ['|', { strength: 1, apply: (a, b) => a | b }],
  ['^', { strength: 2, apply: (a, b) => a ^ b }],
  ['&', { strength: 3, apply: (a, b) => a & b }],
  ['<<', { strength: 4, apply: (a, b) => (a < 0 || b < 0 ? undefined : a * 2 ** b) }],
  ['>>', { strength: 4, apply: (a, b) => (a < 0 || b < 0 || b > 31 ? undefined : a >> b) }],
  ['+', { strength: 5, apply: (a, b) => a + b }],
  ['-', { strength: 5, apply: (a, b) => a - b }],
  ['*', { strength: 6, apply: (a, b) => a * b }],
  ['/', { strength: 6, apply: (a, b) => (b === 0 ? undefined : Math.trunc(a / b)) }],
  ['%', { strength: 6, apply: (a, b) => (b === 0 ? undefined : a % b) }],
])

function negative(value: number | undefined): number | undefined {
  return value === undefined ? undefined : 0 - value
}

function int(value: number | undefined): number | undefined {
  return value !== undefined && value >= -(2 ** 31) && value < 2 ** 31 ? value : undefined
}

/** The size of a type that is the same on all machines but for `long` and pointers. */
function sizeOf(tokens: readonly string[], long: number | undefined): number | undefined {
  if (long === undefined) return undefined
  if (tokens.at(-1) === '*' && !tokens.includes('(')) return long
  const words = tokens.filter((token) => token !== 'signed' && token !== 'unsigned')
  const longs = words.filter((token) => token === 'long').length
  if (!words.every((token) => ['char', 'short', 'int', 'long'].includes(token))) return undefined
  if (words.includes('char')) return 1
  if (words.includes('short')) return 2
  return longs === 0 ? (tokens.length > 0 ? 4 : undefined) : longs === 1 ? long : 8
}
