import { readTreeFile } from '../../io/read-tree-file.ts'
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import * as z from 'zod'
import { readKept, writeKept } from './kept-json.ts'

/** What the content of a file tells; read once for each state of the file. */
interface FileFacts {
  /** SHA-256, hexadecimal. */
  readonly digest: string
  /** Names that stand in its uses of macros such as EXPORT_SYMBOL, as written; absent where nothing is exported. */
  readonly exported?: readonly string[]
  /** What its include directives name that is no header, as written: other sources; absent where there are none. */
  readonly sources?: readonly string[]
  /** It asks the preprocessor whether a file exists; absent where it does not. */
  readonly asksForFiles?: true
}

/** Facts about files, remembered from run to run. */
export interface FactStore {
  /** @returns undefined for a file that cannot be read */
  readonly of: (path: string) => FileFacts | undefined
  /** To be called when files may have changed. */
  readonly lookAgain: () => void
  readonly save: () => Promise<void>
}

interface Remembered {
  /** Tells one state of a file from another: dates of content and entry in nanoseconds, size, number. */
  readonly state: string
  readonly facts: FileFacts
}

const rememberedShape: z.ZodType<[string, Remembered][]> = z.array(
  z.tuple([
    z.string(),
    z.object({
      state: z.string(),
      facts: z.object({
        digest: z.string().length(64),
        exported: z.array(z.string()).exactOptional(),
        sources: z.array(z.string()).exactOptional(),
        asksForFiles: z.literal(true).exactOptional(),
      }),
    }),
  ]),
)

/**
 * Opens the memory at a path; one that cannot be understood counts as empty. A file that is looked at twice is read once:
 * the caller makes sure that the tree stays as it is during a run.
 */
export async function openFactStore(path: string): Promise<FactStore> {
  const remembered = new Map(await readKept(path, rememberedShape))
  const current = new Map<string, FileFacts | undefined>()
  return {
    of: (file) => {
      if (current.has(file)) return current.get(file)
      const facts = look(file, remembered)
      current.set(file, facts)
      return facts
    },
    lookAgain: () => current.clear(),
    save: () => writeKept(path, [...remembered]),
  }
}

function look(file: string, remembered: Map<string, Remembered>): FileFacts | undefined {
  try {
    const stat = statSync(file, { bigint: true })
    const state = `${stat.mtimeNs} ${stat.ctimeNs} ${stat.size} ${stat.ino}`
    const known = remembered.get(file)
    if (known?.state === state) return known.facts
    const facts = factsOf(readTreeFile(file))
    remembered.set(file, { state, facts })
    return facts
  } catch {
    remembered.delete(file)
    return undefined
  }
}

/** Reads the facts out of a file's content. */
export function factsOf(content: Buffer): FileFacts {
  const digest = createHash('sha256').update(content).digest('hex')
  const exporting = content.includes('EXPORT_')
  const including = content.includes('.c"')
  const asking = content.includes('__has_include') ? { asksForFiles: true as const } : {}
  if (!exporting && !including) return { digest, ...asking }
  const text = content.toString('latin1')
  const exported = exporting ? [...text.matchAll(exportCall)].map(([, name = '']) => name) : []
  const sources = including ? [...text.matchAll(sourceInclude)].map(([, name = '']) => name) : []
  return {
    digest,
    ...asking,
    ...(exported.length > 0 ? { exported } : {}),
    ...(sources.length > 0 ? { sources } : {}),
  }
}

/** `EXPORT_SYMBOL_GPL(name`, `EXPORT_TRACEPOINT_SYMBOL(name`, `ACPI_EXPORT_SYMBOL(name` and the like. */
const exportCall = /\b\w*EXPORT_\w+\s*\(\s*([A-Za-z_.$][\w.$]*)/g

/** `#include "completion.c"`, as kernel/sched/build_utility.c has it. */
const sourceInclude = /^[ \t]*#[ \t]*include[ \t]+"([^"\n]+\.c)"/gm
