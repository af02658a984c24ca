export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly message: string
}

/** What the output of a step says to the runner. */
export interface Commands {
  readonly annotations: readonly Annotation[]
  readonly masks: readonly string[]
}

/** Reads `::name properties::message` lines; between `::stop-commands::WORD` and `::WORD::` there are none. */
export function readCommands(output: string): Commands {
  const annotations: Annotation[] = []
  const masks: string[] = []
  let stopped: string | undefined
  for (const line of output.split(/\r?\n/)) {
    const [, name = '', message = ''] = /^\s*::([\w-]+)(?: [^:]*(?::(?!:)[^:]*)*)?::(.*)$/.exec(line) ?? []
    if (stopped !== undefined) {
      if (name === stopped || line.trim() === `::${stopped}::`) stopped = undefined
      continue
    }
    if (name === 'stop-commands') stopped = message
    else if (name === 'add-mask') masks.push(message)
    else if (name === 'error' || name === 'warning' || name === 'notice')
      annotations.push({ level: name, message: unescape(message) })
  }
  return { annotations, masks }
}

function unescape(message: string): string {
  return message.replace(/%0D/gi, '\r').replace(/%0A/gi, '\n').replace(/%25/g, '%')
}
