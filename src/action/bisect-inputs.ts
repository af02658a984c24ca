import { typeNames } from '../cli/bisect-options.ts'
import type { Asked } from '../cli/find-breaks.ts'
import type { Sought } from '../gate/bisect.ts'
import type { InputName, InputReader } from './inputs.ts'

/** Inputs that mean nothing where nothing is judged and nobody is told. */
const ofChecks: readonly InputName[] = [
  'symvers',
  'baseline-ref',
  'expect-commit',
  'comment-key',
  'override-label',
  'override-roles',
]

/**
 * Reads the inputs of `bisect`; undefined for another command, which takes none of them. What contradicts a bisection is refused: it excuses
 * nothing, builds, and says nothing to the forge.
 */
export function bisectionFrom(reader: InputReader, command: string): Asked | undefined {
  const { text, choice, refuse } = reader
  const [good, bad, symbol, type] = [text('good'), text('bad'), text('symbol'), text('type')]
  const firstParent = choice('first-parent', ['true', 'false']) === 'true'
  if (command !== 'bisect') {
    const given = Object.entries({ good, bad, symbol, type, 'first-parent': firstParent ? 'true' : '' })
    for (const [name, found] of given)
      if (found !== '') refuse(name, found, 'nothing, as only bisect takes it')
    return undefined
  }
  for (const [name, found] of Object.entries({ good, bad }))
    if (found === '') refuse(name, found, 'a commit, a branch or a tag')
  refuseChecks(reader)
  const asked = { good, bad, firstParent, symbol: symbol || undefined, type: type || undefined }
  return { ...asked, sought: soughtFrom(symbol, type, refuse) }
}

function refuseChecks({ text, refuse }: InputReader): void {
  if (text('disable-kabi-check') === 'true')
    refuse('disable-kabi-check', 'true', 'nothing or false, as a bisection excuses nothing')
  // It is not shown, and no build starts in a step that was given one.
  if (text('github-token') !== '')
    refuse('github-token', '…', 'nothing, as bisect builds the kernel and asks the forge nothing')
  if (text('reuse-evidence') === 'true')
    refuse('reuse-evidence', 'true', 'nothing or false, as bisect looks at other commits')
  for (const name of ofChecks) {
    const found = text(name)
    if (found !== '') refuse(name, found, 'nothing, as it means nothing to bisect')
  }
}

function soughtFrom(symbol: string, type: string, refuse: InputReader['refuse']): Sought {
  if (symbol !== '' && type !== '')
    refuse('type', type, 'nothing beside the input symbol; bisect for one of them, then for the other')
  if (symbol !== '') return { kind: 'symbol', symbol }
  if (type === '') return { kind: 'any' }
  const names = typeNames(type)
  if (!names) refuse('type', type, 'one name, such as struct device or s#device')
  return { kind: 'type', names: names ?? [] }
}
