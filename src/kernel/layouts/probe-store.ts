import { createHash } from 'node:crypto'
import { join } from 'node:path'
import * as z from 'zod'
import { formatLayouts } from '../../abi/layouts/format-layouts.ts'
import { parseLayouts } from '../../abi/layouts/parse-layouts.ts'
import type { EnabledObject } from '../exports/enabled-object.ts'
import { readKept, writeKept } from '../exports/kept-json.ts'
import type { ObjectInputs } from '../exports/object-inputs.ts'
import type { Names } from './gather-layouts.ts'
import type { Probed } from './probe-object.ts'
import type { Probe } from './find-layouts.ts'

const keptShape = z.object({
  /** Of `ObjectInputs`. */
  commands: z.string(),
  /** What was asked. */
  asked: z.string(),
  /** The state of the files that were read. */
  inputs: z.string(),
  dependencies: z.array(z.string()).min(1),
  /** As `formatLayouts` writes them; unclear types among the unknown. */
  layouts: z.string(),
  aliases: z.array(z.string()),
})

type Kept = z.infer<typeof keptShape>

/**
 * Asks objects, and keeps the answers in a folder: one holds as long as the question and what the object is made from are the
 * same.
 */
export function keptProbe(folder: string, inputs: ObjectInputs, probe: Probe): Probe {
  return async (object, asked) => {
    const path = join(folder, `${object.object}.json`)
    const [commands, question] = [inputs.commands(object), digestOf(asked)]
    const found = await readKept(path, keptShape)
    const kept = found && { ...found, dependencies: found.dependencies.map(inputs.paths.home) }
    if (
      kept?.commands === commands &&
      kept.asked === question &&
      kept.inputs === inputs.files(kept.dependencies)
    ) {
      const known = answerOf(kept)
      if (known) return known
    }
    const probed = await probe(object, asked)
    const files = probed.kind === 'probed' ? inputs.files(probed.dependencies) : undefined
    if (probed.kind === 'probed' && files !== undefined) {
      const content = contentOf(object, probed)
      const dependencies = content.dependencies.map(inputs.paths.away)
      await writeKept(path, { commands, asked: question, inputs: files, ...content, dependencies })
    }
    return probed
  }
}

function digestOf({ types, symbols }: Names): string {
  const asked = JSON.stringify([[...types].sort(), [...symbols].sort()])
  return createHash('sha256').update(asked).digest('hex')
}

function contentOf(
  { object }: EnabledObject,
  { pointer, types, symbols, unclear, aliases, dependencies }: Probed,
): Pick<Kept, 'layouts' | 'aliases' | 'dependencies'> {
  const all = <Value>(values: ReadonlyMap<string, Value>) =>
    new Map([...values].map(([name, value]) => [name, { value, object: 0 }]))
  const unknown = new Map([...unclear].map((name) => [name, '-']))
  const layouts = { pointer, objects: [object], types: all(types), symbols: all(symbols), unknown }
  return {
    layouts: formatLayouts(layouts),
    aliases: [...aliases],
    dependencies: [...dependencies],
  }
}

function answerOf({ layouts, aliases, dependencies }: Kept): Probed | undefined {
  const { value, problems } = parseLayouts(layouts, '')
  if (problems.length > 0) return undefined
  const { pointer, types, symbols, unknown } = value
  const values = <Value>(all: ReadonlyMap<string, { readonly value: Value }>) =>
    new Map([...all].map(([name, one]) => [name, one.value]))
  return {
    kind: 'probed',
    pointer,
    types: values(types),
    symbols: values(symbols),
    unclear: new Set(unknown.keys()),
    aliases: new Set(aliases),
    dependencies,
  }
}
