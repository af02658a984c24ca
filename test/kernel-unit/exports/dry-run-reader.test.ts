import { describe, expect, it } from 'vitest'
import { dryRunReader } from '../../../src/kernel/exports/dry-run-reader.ts'

const checksum = (object: string, extra = '') =>
  `gcc -E -D__GENKSYMS__ -Wp,-MMD,mm/.${object}.o.d ${extra} /src/mm/${object}.c | scripts/genksyms/genksyms >> x`

/** What make prints around everything else. */
const whole = (...lines: string[]) => [
  "make: Entering directory '/src'",
  ...lines,
  "make: Leaving directory '/src'",
]

function readAll(lines: readonly string[], code = 0) {
  const reader = dryRunReader()
  for (const line of lines)
    reader.onLine(line, /^make.*\*\*\*|^sh: |^make\S*: [^EL]/.test(line) ? 'stderr' : 'stdout')
  return reader.end(code)
}

const read = (...lines: string[]) => readAll(whole(...lines))

const begin = (folder: string) =>
  `sh /work/make-in-folders.sh -f /src/scripts/Makefile.build obj=${folder} \\`
const end = (folder: string, code = 0) => `kabi-gate: make ended with ${code} in ${folder}`

describe('dryRunReader', () => {
  it('lists objects in order, each with its module, also when the module is named later', () => {
    const module = `-DMODULE -DKBUILD_MODNAME='"big_one"'`
    expect(read(checksum('b', module), checksum('a'), `echo a.o > mm/big-one.mod`)).toMatchObject([
      { object: 'mm/b.o', modules: ['mm/big-one'] },
      { object: 'mm/a.o', modules: ['vmlinux'] },
    ])
  })

  it('takes the end that every dry run has for no problem', () => {
    const lines = whole(
      begin('mm'),
      checksum('a'),
      end('mm'),
      `make[2]: *** No rule to make target 'vmlinux.a', needed by 'vmlinux.o'.`,
      end('the top folder', 2),
      `make[1]: *** [/src/Makefile:1262: vmlinux_o] Error 2`,
      `make[1]: Target 'vmlinux' not remade because of errors.`,
      end('the top folder', 2),
      `make: *** [Makefile:250: __sub-make] Error 2`,
    )
    expect(readAll(lines, 2)).toHaveLength(1)
    expect(
      read(checksum('a'), `make[2]: *** No rule to make target 'lib/built-in.a', needed by 'built-in.a'.`),
    ).toHaveLength(1)
  })

  it.each([
    `make[3]: *** No rule to make target 'mm/gone.o', needed by 'mm/built-in.a'.`,
    `make[2]: *** No rule to make target '/src/mm/Makefile'.  Stop.`,
    `/src/mm/Makefile:3: *** missing separator.  Stop.`,
    `make: *** No rule to make target 'modules'.  Stop.`,
    `make[2]: *** [/src/scripts/Makefile.build:500: kernel] Error 127`,
    `make[2]: *** [/src/scripts/Makefile.build:500: kernel] Error 2`,
    `make[2]: *** [/src/scripts/Makefile.build:500: kernel] Killed`,
    `make[2]: *** [/src/scripts/Makefile.build:500: kernel] Segmentation fault (core dumped)`,
    `make[3]: *** virtual memory exhausted.  Stop.`,
    `make[3]: /bin/sh: Resource temporarily unavailable`,
    `make[3]: vfork: Cannot allocate memory`,
    `make[1]: gcc: No such file or directory`,
    `make: write error: stdout`,
    `sh: 1: Cannot fork`,
    checksum('b', '$FLAGS'),
  ])('does not trust a list after: %s', (line) => {
    const problem = read(checksum('a'), line)
    expect(problem).toMatchObject({ kind: 'build-failed' })
    expect(JSON.stringify(problem)).toContain(line.includes('FLAGS') ? 'expansion' : line.slice(-20))
  })

  it('says what to do where a key is only with the distribution', () => {
    const problem = read(
      checksum('a'),
      `make[4]: *** No rule to make target 'output/signing_key.pem', needed by 'certs/signing_key.x509'.`,
    )
    expect(problem).toMatchObject({ kind: 'build-failed' })
    expect(JSON.stringify(problem)).toContain('set: { MODULE_SIG_KEY: certs/signing_key.pem')
  })

  it('accepts an error of a call only when there is one that every dry run has', () => {
    const error = 'make: *** [Makefile:9: mm] Error 2'
    const lines = whole(begin('mm'), checksum('a'), end('mm', 2), error)
    expect(readAll(lines, 2)).toMatchObject({ excerpt: ['make ended with 2 in "mm" and does not say why'] })
    const elsewhere = `make[1]: *** No rule to make target 'vmlinux.a', needed by 'vmlinux.o'.`
    expect(readAll([elsewhere, ...lines], 2)).toMatchObject({ kind: 'build-failed' })
    const there = `make[1]: *** No rule to make target 'mm/lib.a', needed by '__build'.`
    expect(readAll([there, ...lines], 2)).toHaveLength(1)
    expect(readAll(whole(checksum('a')), 2)).toMatchObject({ excerpt: ['make ended with exit code 2'] })
    expect(readAll(whole(checksum('a')), 127)).toMatchObject({ kind: 'build-failed' })
  })

  it.each([
    ['that make did not come back from', [begin('kernel'), begin('mm'), end('mm')], 'kernel'],
    ['that make came back from only once', [begin('mm'), begin('mm'), end('mm')], 'mm'],
    ['in which make ended in another way', [begin('kernel'), end('kernel', 137)], 'kernel'],
    ['whose archive is not listed', [begin('mm'), `${end('mm')} and archived`], 'mm'],
  ])('names a folder %s', (_, lines, folder) => {
    const problem = read(checksum('a'), ...lines)
    expect(problem).toMatchObject({ kind: 'build-failed' })
    expect(JSON.stringify(problem)).toContain(folder)
  })

  it('trusts a folder whose archive is listed, and one that was left out', () => {
    const lines = [
      begin('.'),
      begin('mm'),
      begin('net'),
      'kabi-gate: make left out net',
      checksum('a'),
      `set -e; echo '  AR      mm/built-in.a'; rm -f mm/built-in.a`,
      `${end('mm')} and archived`,
      `set -e; echo '  AR      built-in.a'; rm -f built-in.a`,
      `${end('.')} and archived`,
    ]
    expect(read(...lines)).toHaveLength(1)
  })

  it('knows an output that ends too early by what make says last', () => {
    expect(readAll(whole(checksum('a')).slice(0, -1))).toMatchObject({
      excerpt: ['the output of make ends too early'],
    })
    expect(readAll([])).toMatchObject({ kind: 'build-failed' })
  })

  it('finds what compiled an object in an earlier line', () => {
    const compiling = `echo '  CC      mm/a.o'; gcc -Wp,-MMD,mm/.a.o.d -g -c -o mm/a.o /src/mm/a.c ; objtool mm/a.o`
    const checksums = `if nm mm/a.o | grep -q x; then nm mm/a.o | sed x | ./scripts/gendwarfksyms/gendwarfksyms mm/a.o >> x; fi`
    expect(read(compiling, checksums)).toMatchObject([
      { object: 'mm/a.o', source: '/src/mm/a.c', compile: ['gcc', '-g', '-c', '/src/mm/a.c'] },
    ])
    expect(read(checksums)).toMatchObject({ kind: 'build-failed' })
  })

  it('says that a kernel without checksums has none', () => {
    expect(read(`echo '  CC      mm/slub.o'`)).toMatchObject({ kind: 'modversions-off' })
  })
})
