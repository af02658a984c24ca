import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

export interface BuiltDependency {
  readonly name: string
  readonly flags?: number
  readonly version?: string
}

export interface BuiltRpm {
  readonly name?: string
  readonly arch?: string
  /** Seconds since 1970. */
  readonly buildTime?: number
  readonly requires?: readonly BuiltDependency[]
  readonly provides?: readonly BuiltDependency[]
  readonly files?: Readonly<Record<string, Uint8Array>>
  readonly compressor?: string
  readonly compress?: (cpio: Buffer) => Uint8Array
  /** 0 binary, 1 source. */
  readonly type?: number
  /** False for a package as rpm made them before it had any. */
  readonly digests?: boolean
}

type Value = readonly [tag: number, type: number, values: readonly (string | number)[]]

/** `kernel(kfree) = 0x00000001` as a dependency. */
export function dependency(text: string): BuiltDependency {
  const [name = '', sign, version = ''] = text.split(' ')
  const flags = { '=': 8, '>=': 12, '<': 2 }[sign ?? ''] ?? 0
  return { name, flags, version }
}

function digest(algorithm: string, bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex')
}

/** A binary package by docs/manual/format_v4.md of rpm, with digests and without a signature. */
export function buildRpm({
  name = 'kmod-igb',
  arch = 'x86_64',
  buildTime,
  requires = [],
  provides = [],
  files = {},
  compressor = 'gzip',
  compress = gzipSync,
  type = 0,
  digests = true,
}: BuiltRpm): Buffer {
  const lead = Buffer.alloc(96)
  lead.writeUInt32BE(0xedabeedb)
  lead[4] = 3
  lead.writeUInt16BE(type, 6)
  lead.write(name, 10)
  lead.writeUInt16BE(5, 78)
  const whereWanted = (...values: readonly Value[]) => (digests ? values : [])
  const payload = compress(buildCpio(files))
  const header = buildHeader([
    [1000, 6, [name]],
    [1001, 6, ['1.0']],
    [1002, 6, ['1.el9']],
    ...(buildTime === undefined ? [] : [[1006, 4, [buildTime]] as const]),
    [1022, 6, [arch]],
    ...dependencyTags(requires, 1049, 1048, 1050),
    ...dependencyTags(provides, 1047, 1112, 1113),
    [1124, 6, ['cpio']],
    [1125, 6, [compressor]],
    ...whereWanted([5092, 8, [digest('sha256', payload)]], [5093, 4, [8]]),
  ])
  const signature = buildHeader([
    ...whereWanted([269, 6, [digest('sha1', header)]], [273, 6, [digest('sha256', header)]]),
    [1000, 4, [1]],
  ])
  return Buffer.concat([lead, pad(signature, 8), header, payload])
}

function dependencyTags(
  list: readonly BuiltDependency[],
  names: number,
  flags: number,
  versions: number,
): readonly Value[] {
  if (list.length === 0) return []
  return [
    [names, 8, list.map(({ name }) => name)],
    [flags, 4, list.map(({ flags: bits = 0 }) => bits)],
    [versions, 8, list.map(({ version = '' }) => version)],
  ]
}

/** A header structure; type 4 holds numbers, 6 a string, 8 several. */
export function buildHeader(values: readonly Value[]): Buffer {
  const entries: Buffer[] = []
  let store = Buffer.alloc(0)
  for (const [tag, type, list] of values) {
    if (type === 4) store = pad(store, 4)
    const entry = Buffer.alloc(16)
    for (const [index, number] of [tag, type, store.length, list.length].entries()) {
      entry.writeUInt32BE(number, index * 4)
    }
    entries.push(entry)
    const content = list.map((value) => {
      if (typeof value === 'string') return Buffer.from(value + '\0')
      const word = Buffer.alloc(4)
      word.writeUInt32BE(value)
      return word
    })
    store = Buffer.concat([store, ...content])
  }
  const start = Buffer.from('8eade80100000000', 'hex')
  const sizes = Buffer.alloc(8)
  sizes.writeUInt32BE(entries.length)
  sizes.writeUInt32BE(store.length, 4)
  return Buffer.concat([start, sizes, ...entries, store])
}

/** An archive in the "new ASCII" form of cpio. */
export function buildCpio(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const entries = Object.entries(files).map(([path, bytes]) => cpioEntry(path, bytes, 0o100644))
  return Buffer.concat([...entries, cpioEntry('TRAILER!!!', Buffer.alloc(0), 0)])
}

export function cpioEntry(path: string, bytes: Uint8Array, mode: number, links = 1): Buffer {
  const name = Buffer.from(path + '\0')
  const numbers = [1, mode, 0, 0, links, 0, bytes.length, 0, 0, 0, 0, name.length, 0]
  // The order of cpio(5): inode, mode, owner, group, links, time, size, four device numbers, length of the name, sum.
  const [inode = 0, ...rest] = numbers
  const text = [inode, ...rest].map((number) => number.toString(16).padStart(8, '0')).join('')
  return Buffer.concat([
    pad(Buffer.concat([Buffer.from('070701' + text), name]), 4),
    pad(Buffer.from(bytes), 4),
  ])
}

function pad(bytes: Buffer, to: number): Buffer<ArrayBuffer> {
  return Buffer.concat([bytes, Buffer.alloc((to - (bytes.length % to)) % to)])
}
