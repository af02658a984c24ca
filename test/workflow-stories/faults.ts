/** A fault that is put into a workflow file. */
export interface Fault {
  readonly file: string
  /** Where and what, such as `jobs.judge.if dropped`. */
  readonly name: string
  readonly text: string
}

interface Key {
  /** The keys above it and its own; steps by their names. */
  readonly path: readonly string[]
  /** Its first line, and the one after its last. */
  readonly from: number
  readonly to: number
}

/** What a workflow says beside what it does: names, comments, time limits, and how inputs are described. */
const says = /^(?:name|description|type|timeout-minutes|runs-on|run|env|steps|jobs|uses|id|command|cron)$/

/**
 * Every fault of a few kinds, at every place: a key dropped, a job's output renamed, a condition that no longer holds after a
 * failure, an event type left out.
 */
export function faultsOf(file: string, text: string): Fault[] {
  const lines = text.split('\n')
  const fault = (name: string, changed: readonly string[]): Fault => ({
    file,
    name,
    text: changed.join('\n'),
  })
  const dropped = keysOf(lines)
    .filter(({ path }) => isPart(path))
    .map(({ path, from, to }) =>
      fault(`${path.join('.')} dropped`, [...lines.slice(0, from), ...lines.slice(to)]),
    )
  const renamed = keysOf(lines)
    .filter(({ path }) => path.at(-2) === 'outputs' && path[0] === 'jobs')
    .map(({ path, from }) =>
      fault(`${path.join('.')} renamed`, replaced(lines, from, /([\w-]+):/, '$1-of-old:')),
    )
  const weakened = lines.flatMap((line, at) =>
    /^\s+if:.*(?:always|cancelled)\(\)/.test(line)
      ? [
          fault(
            `line ${at + 1}: ${line.trim()} weakened`,
            replaced(lines, at, /always\(\)|!cancelled\(\)/, 'success()'),
          ),
        ]
      : [],
  )
  const types = lines.flatMap((line, at) => {
    const [, list] = /^\s+types: \[(.*)\]/.exec(line) ?? []
    return (list ?? '')
      .split(', ')
      .filter(Boolean)
      .map((type) => {
        const others = (list ?? '').split(', ').filter((one) => one !== type)
        return fault(`event type ${type} left out`, replaced(lines, at, /\[.*\]/, `[${others.join(', ')}]`))
      })
  })
  return [...dropped, ...renamed, ...weakened, ...types]
}

function isPart(path: readonly string[]): boolean {
  const [top = ''] = path
  const last = path.at(-1) ?? ''
  const isInput = path.at(-2) === 'with'
  if (path.length < 2 || (says.test(last) && !isInput)) return false
  if (top === 'on')
    return !['inputs', 'outputs', 'workflow_call', 'workflow_dispatch'].some((key) => path.includes(key))
  if (top === 'concurrency') return true
  return top === 'jobs' && path.length > 2
}

function replaced(lines: readonly string[], at: number, what: RegExp, by: string): string[] {
  return lines.map((line, index) => (index === at ? line.replace(what, by) : line))
}

/** The keys of a workflow in block style, as all of ours are. */
function keysOf(lines: readonly string[]): Key[] {
  const open: { readonly indent: number; readonly key: string }[] = []
  const keys: Key[] = []
  lines.forEach((line, from) => {
    const [, space = '', dash = '', key = ''] = /^( *)(- )?([\w-]+):(?: |$)/.exec(line) ?? []
    if (key === '') return
    const indent = space.length + dash.length
    while ((open.at(-1)?.indent ?? -1) >= (dash ? space.length : indent)) open.pop()
    // A step is known by its name, which is its first line.
    if (dash) open.push({ indent: space.length, key: line.replace(/^.*?: /, '') })
    else keys.push({ path: [...open.map((one) => one.key), key], from, to: endOf(lines, from, indent) })
    open.push({ indent, key })
    if (dash) open.pop()
  })
  return keys
}

function endOf(lines: readonly string[], from: number, indent: number): number {
  let to = from + 1
  for (; to < lines.length; to++) {
    const line = lines[to] ?? ''
    if (line.trim() !== '' && line.length - line.trimStart().length <= indent) break
  }
  return to
}
