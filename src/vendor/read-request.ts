import { readText } from '../io/read-text.ts'
import { isError, type Read } from '../problem/problem.ts'
import { parseRequest, type ApprovedRequest } from './parse-request.ts'

/** More than GitHub lets an issue hold. */
const maxBytes = 4 * 1024 * 1024

/**
 * Reads an approved request for symbols, as `parseRequest` does.
 *
 * Problems, without a value: those, and those of `readText`.
 */
export async function readRequest(
  path: string,
  reviewer: string | undefined,
): Promise<Read<ApprovedRequest | undefined>> {
  const text = await readText(path, { maxBytes })
  if (text.problems.some(isError)) return { value: undefined, problems: text.problems }
  return parseRequest(text.value, path, reviewer)
}
