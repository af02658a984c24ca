import type { Problem, Read } from '../../../problem/problem.ts'
import { quote } from '../../../problem/quote.ts'
import { unpack } from '../../../io/unpack.ts'
import { ungzip } from './ungzip.ts'

/** As the command line accepts, packed and unpacked. */
const mostBytes = 256 * 1024 * 1024

/** Reads a file that was picked or dropped, plain or packed; a problem `unreadable` says why it could not. */
export async function readFile(file: File): Promise<Read<Uint8Array>> {
  if (file.size > mostBytes) return failed(file.name, `is larger than ${mostBytes} bytes`)
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = new Uint8Array(await file.arrayBuffer())
  } catch {
    return failed(file.name, 'cannot be read; a folder cannot be dropped here')
  }
  const unpacked = await unpack(bytes, mostBytes, () => ungzip(bytes, mostBytes))
  return unpacked.kind === 'bytes'
    ? { value: unpacked.bytes, problems: [] }
    : failed(file.name, unpacked.reason)
}

function failed(file: string, reason: string): Read<Uint8Array> {
  const problem: Problem = { kind: 'unreadable', message: `${quote(file)} ${reason}.`, place: { file } }
  return { value: new Uint8Array(), problems: [problem] }
}
