import { describe, expect, it } from 'vitest'
import { dryRunReader } from '../../../src/kernel/exports/dry-run-reader.ts'

const checksum = (object: string, extra = '') =>
  `gcc -E -D__GENKSYMS__ -Wp,-MMD,mm/.${object}.o.d ${extra} /src/mm/${object}.c | scripts/genksyms/genksyms >> x`

function read(...lines: string[]) {
  const reader = dryRunReader()
  for (const line of lines) reader.onLine(line)
  return reader.end()
}

describe('dryRunReader', () => {
  it('lists objects in order, each with its module, also when the module is named later', () => {
    const module = `-DMODULE -DKBUILD_MODNAME='"big_one"'`
    expect(read(checksum('b', module), checksum('a'), `echo a.o > mm/big-one.mod`)).toMatchObject([
      { object: 'mm/b.o', modules: ['mm/big-one'] },
      { object: 'mm/a.o', modules: ['vmlinux'] },
    ])
  })

  it.each([
    `make[1]: *** No rule to make target 'vmlinux.a', needed by 'vmlinux.o'.`,
    `make[2]: *** No rule to make target 'lib/built-in.a', needed by 'built-in.a'.`,
    `make: *** [/src/Makefile:1262: vmlinux_o] Error 2`,
    `make[1]: Target 'vmlinux' not remade because of errors.`,
  ])('takes the end that every dry run has for no problem: %s', (line) => {
    expect(read(checksum('a'), line)).toHaveLength(1)
  })

  it.each([
    `make[3]: *** No rule to make target 'mm/gone.o', needed by 'mm/built-in.a'.`,
    `make[2]: *** No rule to make target '/src/mm/Makefile'.  Stop.`,
    `/src/mm/Makefile:3: *** missing separator.  Stop.`,
    `make: *** No rule to make target 'modules'.  Stop.`,
    checksum('b', '$FLAGS'),
  ])('does not trust a list after: %s', (line) => {
    const problem = read(checksum('a'), line)
    expect(problem).toMatchObject({ kind: 'build-failed' })
    expect(JSON.stringify(problem)).toContain(line.includes('***') ? line.slice(-20) : 'expansion')
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
