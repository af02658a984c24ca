import { isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Problem, Read } from '../problem/problem.ts'
import { isMap as isContentMap } from './config-fault.ts'
import { parseWaivers } from './parse-waivers.ts'

/** What a file of waivers begins with. */
export const waiversHeader = 'version: 1\nwaivers:\n'

/**
 * Adds waivers to the text of a file of waivers, be it empty; what stands there stays as it is, to the comment.
 *
 * Problems, without a value: the file is none of waivers, or is written in a form that nothing can be added to; the result
 * is not what `parseWaivers` reads, because a waiver stands there already.
 * @param addition as `formatWaivers` makes it
 * @param file how messages name the file
 */
export function appendWaivers(text: string, addition: string, file: string): Read<string | undefined> {
  const added = inserted(text, addition)
  if (added === undefined) {
    const message = 'Nothing can be added to the list of waivers as it is written here.'
    const advice = 'Write each waiver below waivers: on lines of its own, beginning with a dash.'
    return { value: undefined, problems: [{ kind: 'waivers', message, place: { file }, advice }] }
  }
  const variants = variantsIn(added)
  const before = isBlank(text) ? [] : parseWaivers(text, file, variants).value
  const { value: after, problems } = parseWaivers(added, file, variants)
  if (problems.length > 0) return { value: undefined, problems }
  if (after.length <= before.length) return { value: undefined, problems: [nothingAdded(file)] }
  return { value: added, problems: [] }
}

function inserted(text: string, addition: string): string | undefined {
  const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`
  if (isBlank(text)) return whole + waiversHeader + addition
  const document = parseDocument(text, { prettyErrors: false })
  const { contents, errors } = document
  if (errors.length > 0 || !isMap(contents)) return undefined
  const pair = contents.items.find(({ key }) => isScalar(key) && key.value === 'waivers')
  const list: unknown = pair?.value
  if (!isSeq(list) || !list.range) return undefined
  const [start, end] = list.range
  if (list.flow) {
    if (list.items.length > 0) return undefined
    const rest = text.slice(end)
    const [, behind = ''] = /^([^\n]*)/.exec(rest) ?? []
    const after = rest.slice(behind.length).replace(/^\n/, '')
    return `${text.slice(0, start).trimEnd()}${behind}\n${addition}${after}`
  }
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const indent = text.slice(lineStart, start)
  if (indent.trim() !== '') return undefined
  const last = whole.lastIndexOf('\n', Math.max(start, end - 1))
  const at = whole[end - 1] === '\n' ? end : last < end - 1 ? whole.indexOf('\n', end) + 1 : last + 1
  return whole.slice(0, at) + addition.replace(/^ {2}/gm, indent) + whole.slice(at)
}

function isBlank(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(?:#.*)?$/.test(line))
}

/** Whose variants they are is for the check to say, which has the configuration. */
function variantsIn(text: string): readonly string[] {
  const document = parseDocument(text, { prettyErrors: false })
  if (document.errors.length > 0) return []
  const content: unknown = document.toJS()
  const listed: unknown = isContentMap(content) ? content['waivers'] : undefined
  return (Array.isArray(listed) ? (listed as unknown[]) : []).flatMap((one) => {
    const variants: unknown = isContentMap(one) ? one['variants'] : undefined
    return Array.isArray(variants) ? (variants as unknown[]).map(String) : []
  })
}

function nothingAdded(file: string): Problem {
  return { kind: 'waivers', message: 'The waivers could not be added.', place: { file } }
}
