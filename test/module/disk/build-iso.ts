const sector = 2048

interface Tree {
  readonly folders: Map<string, Tree>
  readonly files: Map<string, Uint8Array>
}

/**
 * A small ISO 9660 image of the files given by path, with Rock Ridge names unless `plain`. Each file and directory has
 * one record; a directory fits into one sector.
 */
export function buildIso(files: Readonly<Record<string, Uint8Array>>, { plain = false } = {}): Buffer {
  const empty = (): Tree => ({ folders: new Map(), files: new Map() })
  const root = empty()
  for (const [path, bytes] of Object.entries(files)) {
    const parts = path.split('/')
    const name = parts.pop() ?? ''
    let tree = root
    for (const part of parts) {
      const next = tree.folders.get(part) ?? empty()
      tree.folders.set(part, next)
      tree = next
    }
    tree.files.set(name, bytes)
  }
  const blocks: Buffer[] = []
  const first = 18
  const add = (bytes: Buffer): number => {
    const at = first + blocks.length
    const padded = Buffer.concat([bytes, Buffer.alloc((sector - (bytes.length % sector)) % sector)])
    for (let from = 0; from < padded.length; from += sector) blocks.push(padded.subarray(from, from + sector))
    return at
  }
  const addTree = (tree: Tree): number => {
    const long = (name: string) => (plain ? undefined : name)
    const folders = [...tree.folders].map(([name, content], index) =>
      directoryRecord(`D${index}`, addTree(content), sector, 2, long(name)),
    )
    const files = [...tree.files].map(([name, content], index) => {
      const short = plain ? plainName(name) : `F${index}.;1`
      return directoryRecord(short, add(Buffer.from(content)), content.length, 0, long(name))
    })
    const dots = ['\0', '\x01'].map((name) => directoryRecord(name, 0, sector, 2))
    return add(Buffer.concat([...dots, ...folders, ...files]))
  }
  const rootBlock = addTree(root)
  const descriptor = Buffer.alloc(sector)
  descriptor[0] = 1
  descriptor.write('CD001\x01', 1)
  both16(descriptor, 128, sector)
  directoryRecord('\0', rootBlock, sector, 2).copy(descriptor, 156)
  const end = Buffer.alloc(sector)
  end[0] = 255
  end.write('CD001\x01', 1)
  return Buffer.concat([Buffer.alloc(16 * sector), descriptor, end, ...blocks])
}

function plainName(name: string): string {
  return (name.includes('.') ? name : name + '.').toUpperCase() + ';1'
}

/** One record; the long name goes into a Rock Ridge field. */
export function directoryRecord(
  name: string,
  block: number,
  size: number,
  flags: number,
  longName?: string,
): Buffer {
  const field = longName === undefined ? Buffer.alloc(0) : rockRidgeName(longName)
  const padding = name.length % 2 === 0 ? 1 : 0
  const record = Buffer.alloc(33 + name.length + padding)
  record.writeUInt32LE(block, 2)
  record.writeUInt32BE(block, 6)
  record.writeUInt32LE(size, 10)
  record.writeUInt32BE(size, 14)
  record[25] = flags
  record[32] = name.length
  record.write(name, 33, 'latin1')
  const odd = (record.length + field.length) % 2
  const all = Buffer.concat([record, field, Buffer.alloc(odd)])
  all[0] = all.length
  return all
}

function rockRidgeName(name: string): Buffer {
  return Buffer.concat([Buffer.from('NM'), Buffer.from([5 + name.length, 1, 0]), Buffer.from(name)])
}

function both16(buffer: Buffer, at: number, value: number): void {
  buffer.writeUInt16LE(value, at)
  buffer.writeUInt16BE(value, at + 2)
}
