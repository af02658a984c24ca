import type { Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { readBytes, type ReadOptions } from './read-bytes.ts'

/**
 * Reads a text file in UTF-8, plain or compressed as `readBytes` does.
 *
 * Problems, all `unreadable` and with an empty text: those of `readBytes`; the text is not UTF-8.
 */
export async function readText(path: string, options: ReadOptions = {}): Promise<Read<string>> {
  const { value: bytes, problems } = await readBytes(path, options)
  return problems.length > 0 ? { value: '', problems } : decode(path, bytes)
}

function decode(path: string, bytes: Uint8Array): Read<string> {
  try {
    return { value: new TextDecoder('utf-8', { fatal: true }).decode(bytes), problems: [] }
  } catch {
    const lenient = new TextDecoder().decode(bytes)
    const before = lenient.slice(0, lenient.indexOf('\uFFFD'))
    const line = before.split('\n').length
    const message = `${quote(path)} is not text in UTF-8: line ${line} holds other bytes.`
    return { value: '', problems: [{ kind: 'unreadable', message, place: { file: path, line } }] }
  }
}
