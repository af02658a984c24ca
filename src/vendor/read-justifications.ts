import { isError, type Read } from '../problem/problem.ts'
import { readText } from '../io/read-text.ts'
import { parseJustifications, type Justification } from './parse-justifications.ts'

/** Reads a file of justifications; none without a file. */
export async function readJustifications(path: string | undefined): Promise<Read<readonly Justification[]>> {
  if (path === undefined || path === '') return { value: [], problems: [] }
  const text = await readText(path)
  if (text.problems.some(isError)) return { value: [], problems: text.problems }
  return parseJustifications(text.value, path)
}
