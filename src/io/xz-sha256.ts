import { crc32, feedBytes } from '../abi/crc32.ts'
import { concatBytes } from './concat-bytes.ts'
import { xzNumbers } from './xz-numbers.ts'

/** A stream whose checks were SHA-256, as one without any, and what they said. */
interface UncheckedStream {
  readonly stream: Uint8Array
  /** In the order of the stream. */
  readonly blocks: readonly { readonly size: number; readonly sha256: Uint8Array }[]
}

const headerSize = 12
const footerSize = 12
const digestSize = 32
const sha256 = 10

/** Whether a stream has SHA-256 checks, as the payload of RPM packages does; the decoder knows only CRCs. */
export function hasSha256(stream: Uint8Array): boolean {
  return stream[7] === sha256
}

/**
 * Takes the SHA-256 checks out of an xz stream and says so in its header, index and footer, so that a decoder without
 * SHA-256 reads it. Whoever unpacks it has to hold the content against the checks.
 * @param stream one whole stream, as `xzStreams` cuts it
 * @returns undefined when its sizes do not add up
 * @see https://tukaani.org/xz/xz-file-format.txt sections 2.1, 3 and 4
 */
export function withoutSha256(stream: Uint8Array): UncheckedStream | undefined {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength)
  const footer = stream.length - footerSize
  const index = footer - (view.getUint32(footer + 4, true) + 1) * 4
  const numbers = indexNumbers(stream.subarray(index + 1, footer))
  if (!numbers) return undefined
  const pieces: Uint8Array[] = [streamHeader()]
  const blocks: { size: number; sha256: Uint8Array }[] = []
  const records: number[] = [numbers.length / 2]
  let at = headerSize
  for (let pair = 0; pair < numbers.length; pair += 2) {
    const [unpadded = 0, size = 0] = numbers.slice(pair, pair + 2)
    const check = at + align(unpadded - digestSize)
    if (unpadded <= digestSize || check + digestSize > index) return undefined
    pieces.push(stream.subarray(at, check))
    blocks.push({ size, sha256: stream.subarray(check, check + digestSize) })
    records.push(unpadded - digestSize, size)
    at = check + digestSize
  }
  if (at !== index) return undefined
  const newIndex = streamIndex(records)
  pieces.push(newIndex, streamFooter(newIndex.length))
  return { stream: concatBytes(pieces), blocks }
}

/** The pairs of unpadded and unpacked sizes behind the number of blocks. */
function indexNumbers(index: Uint8Array): readonly number[] | undefined {
  const next = xzNumbers(index)
  const count = next()
  // Each pair takes two bytes or more.
  if (!(count * 2 <= index.length)) return undefined
  const numbers = Array.from({ length: count * 2 }, next)
  return numbers.every(Number.isSafeInteger) ? numbers : undefined
}

function streamHeader(): Uint8Array {
  const flags = Uint8Array.of(0, 0)
  return concatBytes([Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), flags, checksum(flags)])
}

function streamIndex(numbers: readonly number[]): Uint8Array {
  const bytes = [0, ...numbers.flatMap(variableLength)]
  while (bytes.length % 4 !== 0) bytes.push(0)
  const content = Uint8Array.from(bytes)
  return concatBytes([content, checksum(content)])
}

function streamFooter(indexSize: number): Uint8Array {
  const content = new Uint8Array(6)
  new DataView(content.buffer).setUint32(0, indexSize / 4 - 1, true)
  return concatBytes([checksum(content), content, Uint8Array.of(0x59, 0x5a)])
}

function variableLength(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  return [...bytes, rest]
}

function checksum(bytes: Uint8Array): Uint8Array {
  const crc = new Uint8Array(4)
  new DataView(crc.buffer).setUint32(0, ~feedBytes(crc32(), -1, bytes, 0, bytes.length) >>> 0, true)
  return crc
}

function align(size: number): number {
  return Math.ceil(size / 4) * 4
}
