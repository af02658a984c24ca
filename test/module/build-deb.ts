import { gzipSync } from 'node:zlib'

/** A Debian package (deb(5)) with some files. */
export function buildDeb(files: Readonly<Record<string, string | Uint8Array>>, arch = 'amd64'): Buffer {
  const control = tarOf({ control: `Package: linux-headers\nArchitecture: ${arch}\n` })
  const members = {
    'debian-binary': Buffer.from('2.0\n'),
    'control.tar.gz': control,
    'data.tar.gz': tarOf(files),
  }
  return Buffer.concat([
    Buffer.from('!<arch>\n'),
    ...Object.entries(members).map(([name, bytes]) => member(name, bytes)),
  ])
}

/** Plain files in the form of ustar (POSIX.1-2017, pax), packed. */
function tarOf(files: Readonly<Record<string, string | Uint8Array>>): Buffer {
  const entries = Object.entries(files).flatMap(([path, content]) => {
    const bytes = Buffer.from(content)
    return [tarHeader('./' + path, bytes.length), bytes, Buffer.alloc(-bytes.length & 511)]
  })
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]))
}

function tarHeader(path: string, size: number): Buffer {
  const header = Buffer.alloc(512)
  header.write(path, 0)
  header.write(size.toString(8).padStart(11, '0'), 124)
  header.write(' '.repeat(8), 148)
  header.write('0', 156)
  header.write('ustar', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(sum.toString(8).padStart(6, '0') + '\0 ', 148)
  return header
}

function member(name: string, bytes: Buffer): Buffer {
  const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(bytes.length).padEnd(10)}\`\n`
  return Buffer.concat([Buffer.from(header), bytes, Buffer.alloc(bytes.length % 2, '\n')])
}
