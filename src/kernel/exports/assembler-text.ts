import { tableName } from './notable-declarations.ts'

/**
 * The statements of a text for the assembler, white space outside of strings taken away: `.section"___ksymtab+x","a"`. A
 * newline, `;` and nothing else ends a statement here; where another character does, no statement will be known.
 */
export function statementsOf(text: string): readonly string[] {
  const statements: string[] = []
  let statement = ''
  for (const [piece] of text.matchAll(/"(?:[^"\\\n]|\\[^])*"|[;\n]|[^";\n]+|"/g)) {
    if (piece !== ';' && piece !== '\n')
      statement += piece.startsWith('"') ? piece : piece.replace(/\s+/g, '')
    else if (statement !== '') {
      statements.push(statement)
      statement = ''
    }
  }
  return statement === '' ? statements : [...statements, statement]
}

/**
 * True for an `asm` of file scope that leaves exports alone: labels, data, sections, symbols; no instruction, as one might
 * be a macro, no condition, no comment.
 */
export function isHarmlessAtFileScope(text: string): boolean {
  if (tableName.test(text)) return false
  const statements = statementsOf(text)
  const count = (pattern: RegExp): number => statements.filter((statement) => pattern.test(statement)).length
  return (
    statements.every((statement) => harmless.test(statement)) &&
    count(/^\.pushsection/) === count(/^\.popsection/) &&
    count(/^\.section/) === count(/^\.previous/)
  )
}

const name = String.raw`[\w.$]+`
const operand = String.raw`(?:"(?:[^"\\]|\\.)*"|[\w.$+*()@%<>,&|~-])*`
const harmless = new RegExp(
  String.raw`^(?:${name}:)*(?:\.(?:section|pushsection)"?[\w.$]+"?(?:,"\w*"(?:,[@%]\w+(?:,\d+)?)?)?|\.(?:popsection|previous)|\.text|` +
    String.raw`\.(?:long|quad|byte|word|short|hword|int|2byte|4byte|8byte|balign|align|p2align|globl|global|weak|local|hidden|type|size|asciz|ascii|string|skip|zero)${operand})?$`,
)

/**
 * True for an `asm` in a function that cannot reach beyond itself: what it opens for the assembler, conditions, macros,
 * repetitions, comments, it also closes, and it gives no directive another meaning.
 */
export function isHarmlessInFunction(text: string): boolean {
  if (tableName.test(text) || (text.match(/(?<!\\)"/g)?.length ?? 0) % 2 !== 0) return false
  if (!/\.(?:if|el|end|macro|rept|irp|altmacro|include|purgem|mri|alias)|\/\*|\*\//.test(text)) return true
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0
  return (
    !/\.(?:altmacro|include|mri|end)\b|\.(?:macro|purgem)\s+["\\.]/.test(text) &&
    count(/\.if\w*/g) === count(/\.endif\b/g) &&
    count(/\.macro\b/g) === count(/\.endm\b/g) &&
    count(/\.(?:rept|irpc?)\b/g) === count(/\.endr\b/g) &&
    count(/\/\*/g) === count(/\*\//g)
  )
}
