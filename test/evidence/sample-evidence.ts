import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Evidence } from '../../src/abi/evidence.ts'
import { symtypesChecksums } from '../../src/abi/symtypes-checksums.ts'
import type { Expectations } from '../../src/evidence/read-evidence.ts'
import { kernel, type Dumps } from '../whitelists/fake-kernel-tree.ts'

export const tool = { name: 'kabi-gate', version: '1.2.3' } as const
export const collector = { tool, plan: 'a'.repeat(64) }
export const commit = 'c'.repeat(40)
export const expected: Expectations = { tool, plans: new Map([['x86_64', collector.plan]]) }
export const symbols = new Set(['f', 'g', 'h'])

/** Evidence of strategy `exports` with dumps of types in a folder. */
export function sampleEvidence(
  folder: string,
  dumps: Dumps = kernel,
  source = join(folder, 'linux'),
): Evidence {
  const write = (path: string, text: string): string => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return path
  }
  const exports = []
  const objects = new Map()
  const header = write(join(folder, 'build/include/generated/autoconf.h'), '#define CONFIG_SMP 1\n')
  const types = write(join(source, 'include/x.h'), 'struct x { int a; };\n')
  for (const [object, text] of Object.entries(dumps)) {
    const { value } = symtypesChecksums(new TextEncoder().encode(text), object)
    for (const [symbol, crc] of value) {
      const place = { file: object.replace('.o', '.c'), line: symbol.charCodeAt(0) }
      exports.push({
        symbol,
        crc,
        module: 'vmlinux',
        type: 'EXPORT_SYMBOL' as const,
        namespace: '',
        ...place,
      })
    }
    const file = write(join(source, object.replace('.o', '.c')), '#include <x.h>\n')
    objects.set(object, {
      unseen: ['e#third', 's#lost'],
      exports: [...value.keys()],
      types: write(join(folder, 'dumps', object), text),
      dependencies: [file, header, types, '/usr/lib/gcc/include/stddef.h'],
    })
  }
  return {
    kind: 'evidence',
    variant: 'x86_64',
    symvers: { file: source, exports },
    how: { strategy: 'exports', source, compiler: 'gcc 12', configDigest: 'b'.repeat(64), seconds: 1.25 },
    tree: { commit },
    build: {
      arch: 'x86_64',
      kernel: '6.1.170',
      genksyms: 'd'.repeat(64),
      options: new Map([
        ['CONFIG_SMP', 'y'],
        ['CONFIG_TEXT', '"a b"'],
        ['CONFIG_USB', 'm'],
      ]),
      objects,
    },
    notes: [{ kind: 'option-dropped', variant: 'x86_64', message: 'CONFIG_X was dropped' }],
  }
}
