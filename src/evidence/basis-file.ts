import * as z from 'zod'
import type { Basis } from '../abi/evidence.ts'
import { limits } from './limits.ts'
import { isTreePath } from './tree-path.ts'

/** Writes what evidence rests on; the same basis gives the same text. */
export function formatBasis({ files, names, ...rest }: Basis): string {
  const sorted = (words: ReadonlySet<string>): readonly string[] => [...words].sort()
  return `${JSON.stringify({ version: 1, files: sorted(files), names: sorted(names), ...rest })}\n`
}

/** Reads what `formatBasis` wrote; undefined for anything else. */
export function parseBasis(text: string): Basis | undefined {
  const digest = z.string().regex(/^[0-9a-f]{64}$/)
  const schema = z.strictObject({
    version: z.literal(1),
    files: z.array(z.string().refine(isTreePath)).max(limits.basis.words),
    names: z.array(z.string().min(1).max(4096)).max(limits.basis.words),
    asksForFiles: z.boolean(),
    configuration: digest,
    setup: digest,
    layouts: digest,
  })
  try {
    const { files, names, asksForFiles, configuration, setup, layouts } = schema.parse(JSON.parse(text))
    return { files: new Set(files), names: new Set(names), asksForFiles, configuration, setup, layouts }
  } catch {
    return undefined
  }
}
