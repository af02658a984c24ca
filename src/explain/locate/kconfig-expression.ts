/** `n`, `m`, `y` as Kconfig compares them; undefined where it is not known. */
export type Tristate = 0 | 1 | 2 | undefined

/** The value of a symbol as text; undefined where it is not known. */
type SymbolValue = (name: string) => string | undefined

/** Evaluates an expression of Kconfig; an absent one holds. */
export function evaluate(expression: string | undefined, valueOf: SymbolValue): Tristate {
  if (expression === undefined || expression.trim() === '') return 2
  const tokens =
    expression.match(
      /\$\((?:[^()]|\([^()]*\))*\)|"(?:[^"\\]|\\.)*"|'[^']*'|&&|\|\||!=|<=|>=|[!=<>()]|[\w.-]+/g,
    ) ?? []
  let at = 0

  function either(): Tristate {
    let value = both()
    while (tokens[at] === '||') {
      at++
      value = greater(value, both())
    }
    return value
  }

  function both(): Tristate {
    let value = one()
    while (tokens[at] === '&&') {
      at++
      value = lesser(value, one())
    }
    return value
  }

  function one(): Tristate {
    const token = tokens[at++]
    if (token === '!') {
      const value = one()
      return value === undefined ? undefined : ((2 - value) as Tristate)
    }
    if (token === '(') {
      const value = either()
      at++
      return value
    }
    const operator = tokens[at]
    if (token === undefined) return undefined
    if (operator !== undefined && /^(?:!?=|[<>]=?)$/.test(operator)) {
      const right = tokens[at + 1]
      at += 2
      return compared(textOf(token, valueOf), operator, textOf(right ?? '', valueOf))
    }
    return tristate(textOf(token, valueOf))
  }

  return either()
}

/** The value that a word of Kconfig stands for: a constant, or a symbol's. */
export function textOf(word: string, valueOf: SymbolValue): string | undefined {
  if (word.startsWith('$')) return undefined
  if (/^["']/.test(word)) return word.slice(1, -1)
  if (isConstant(word)) return word
  return valueOf(word)
}

/** True for `y`, `m`, `n` and numbers; `64BIT` is the name of an option. */
export function isConstant(word: string): boolean {
  return /^(?:[ymn]|-?\d+|0x[\da-fA-F]+)$/.test(word)
}

export function tristate(text: string | undefined): Tristate {
  if (text === undefined) return undefined
  return text === 'y' ? 2 : text === 'm' ? 1 : 0
}

export function lesser(a: Tristate, b: Tristate): Tristate {
  if (a === 0 || b === 0) return 0
  return a === undefined || b === undefined ? undefined : a < b ? a : b
}

export function greater(a: Tristate, b: Tristate): Tristate {
  if (a === 2 || b === 2) return 2
  return a === undefined || b === undefined ? undefined : a > b ? a : b
}

function compared(left: string | undefined, operator: string, right: string | undefined): Tristate {
  if (left === undefined || right === undefined) return undefined
  if (operator === '=' || operator === '!=') return (left === right) === (operator === '=') ? 2 : 0
  const difference = Number(left) - Number(right)
  if (Number.isNaN(difference)) return undefined
  const holds = { '<': difference < 0, '>': difference > 0, '<=': difference <= 0, '>=': difference >= 0 }[
    operator
  ]
  return holds ? 2 : 0
}
