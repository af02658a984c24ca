import type { Read } from '../problem/problem.ts'
import { readText } from '../io/read-text.ts'
import type { Waiver } from '../judge/waiver.ts'
import { parseWaivers } from './parse-waivers.ts'

/** 4 MiB, so that parseWaivers is who refuses what is too long. */
const maxBytes = 4 * 1024 * 1024

/** Reads a file of waivers. Problems, all without waivers: those of `parseWaivers`; `unreadable`. */
export async function readWaivers(
  path: string,
  variants: readonly string[],
): Promise<Read<readonly Waiver[]>> {
  const text = await readText(path, { maxBytes })
  return text.problems.length > 0
    ? { value: [], problems: text.problems }
    : parseWaivers(text.value, path, variants)
}
