import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { foreignTarget } from '../../../src/kernel/needs/compiler-target.ts'
import { findNeed, type Surroundings } from '../../../src/kernel/needs/find-need.ts'
import { writeProgram } from '../fake-kernel.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { writeFiles } from '../../support/workspace.ts'

/** A compiler that knows the headers of one folder and prints a target, as gcc does. */
function surroundings(): Surroundings & { readonly folder: string } {
  const folder = temporaryFolder()
  writeFiles(join(folder, 'include'), { 'gelf.h': '', 'openssl/opensslv.h': '' })
  const script = `
for arg; do
  case $last in -include) test -e '${folder}/include/'"$arg" || exit 1 ;; esac
  case $arg in -dumpmachine) echo aarch64-linux-gnu ;; esac
  last=$arg
done
`
  writeProgram(join(folder, 'bin/gcc'), script)
  return {
    folder,
    env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` },
    hostCompiler: 'gcc',
    signal: new AbortController().signal,
  }
}

describe('looking for what a build needs', () => {
  it('finds headers with the compiler, and only those it has', async () => {
    const where = surroundings()
    const found = (name: string) => findNeed({ kind: 'header', name }, where)
    expect(await found('gelf.h')).toBeDefined()
    expect(await found('openssl/opensslv.h')).toBeDefined()
    expect(await found('zlib.h')).toBeUndefined()
  })

  it('finds no header without a compiler', async () => {
    const where = { ...surroundings(), hostCompiler: 'no-such-gcc' }
    expect(await findNeed({ kind: 'header', name: 'gelf.h' }, where)).toBeUndefined()
  })

  it('finds a header that a real compiler has, and not one that it has not', async (context) => {
    const where = { ...surroundings(), env: { PATH: '/usr/bin:/bin' } }
    const compiler = await findNeed({ kind: 'program', name: 'gcc' }, where)
    if (compiler === undefined) context.skip('no gcc on this machine')
    expect(await findNeed({ kind: 'header', name: 'stddef.h' }, where)).toBeDefined()
    expect(await findNeed({ kind: 'header', name: 'no/such/header.h' }, where)).toBeUndefined()
  })

  it('finds programs in PATH and tells where', async () => {
    const where = surroundings()
    expect(await findNeed({ kind: 'program', name: 'gcc' }, where)).toBe(join(where.folder, 'bin/gcc'))
    expect(await findNeed({ kind: 'program', name: 'no-such-program' }, where)).toBeUndefined()
  })
})

describe('the target of a compiler', () => {
  it.each([
    ['x86_64', { crossCompile: '' }, 'aarch64-linux-gnu'],
    ['s390', { crossCompile: '', compiler: 'gcc -O2' }, 'aarch64-linux-gnu'],
    ['arm64', { crossCompile: '' }, undefined],
    ['um', { crossCompile: '' }, undefined],
    ['x86_64', { crossCompile: '', llvm: '1' }, undefined],
    ['x86_64', { crossCompile: '', compiler: 'no-such-gcc' }, undefined],
  ])('for %s with %j is told when it cannot be right: %s', async (arch, toolchain, expected) => {
    expect(await foreignTarget(arch, toolchain, surroundings())).toBe(expected)
  })
})
