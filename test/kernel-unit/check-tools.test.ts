import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Toolchain } from '../../src/config/plan.ts'
import { checkTools } from '../../src/kernel/check-tools.ts'
import { writeProgram } from './fake-kernel.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

function pathWith(...programs: readonly string[]): string {
  const folder = temporaryFolder()
  for (const program of programs) writeProgram(join(folder, program), '')
  return `/nowhere::${folder}`
}

const native: Toolchain = { crossCompile: '' }
const common = ['make', 'flex', 'bison', 'bc', 'awk', 'cmp', 'find']
const binutils = ['ld', 'ar', 'nm', 'objcopy']

describe('checkTools', () => {
  it.each<[string, Toolchain, readonly string[]]>([
    ['a native build', native, ['gcc', ...binutils]],
    [
      'a cross build',
      { crossCompile: 's390x-linux-gnu-' },
      ['gcc', 's390x-linux-gnu-gcc', ...binutils.map((name) => `s390x-linux-gnu-${name}`)],
    ],
    [
      'a compiler of its own',
      { crossCompile: '', compiler: 'ccache gcc-12 -m32' },
      ['ccache', 'gcc-12', 'gcc', ...binutils],
    ],
    ['LLVM', { crossCompile: '', llvm: '1' }, ['clang', 'ld.lld', 'llvm-ar', 'llvm-nm', 'llvm-objcopy']],
    [
      'a version of LLVM',
      { crossCompile: 'aarch64-linux-gnu-', llvm: '-15' },
      ['clang-15', 'ld.lld-15', 'llvm-ar-15', 'llvm-nm-15', 'llvm-objcopy-15'],
    ],
  ])('is content with just what %s needs', async (_, toolchain, programs) => {
    expect(await checkTools(toolchain, pathWith(...common, ...programs))).toBeUndefined()
    for (const program of programs) {
      const others = [...common, ...programs].filter((name) => name !== program)
      const problem = await checkTools(toolchain, pathWith(...others))
      expect(problem).toMatchObject({
        kind: 'missing-tool',
        message: expect.stringContaining(program) as string,
      })
    }
  })

  it('names all missing tools at once, and the packages that bring them', async () => {
    const problem = await checkTools({ crossCompile: 's390x-linux-gnu-' }, pathWith('make', 'gcc', 'awk'))
    expect(problem?.message).toContain(
      'flex, bison, bc, cmp, find, s390x-linux-gnu-gcc, s390x-linux-gnu-ld, s390x-linux-gnu-ar',
    )
    expect(problem?.advice).toContain(
      'sudo apt-get install flex bison bc diffutils findutils gcc-s390x-linux-gnu binutils-s390x-linux-gnu;',
    )
    expect(problem?.advice).toContain(
      'sudo dnf install flex bison bc diffutils findutils gcc-s390x-linux-gnu binutils-s390x-linux-gnu;',
    )
    expect(problem?.advice).toContain('kabi-gate doctor')
  })

  it('takes a compiler by its path, and gives no package for it', async () => {
    const folder = temporaryFolder()
    const compiler = join(folder, 'my-gcc')
    const path = pathWith(...common, 'gcc', ...binutils)
    const problem = await checkTools({ crossCompile: '', compiler }, path)
    expect(problem?.message).toContain(compiler)
    expect(problem?.advice).not.toContain('apt-get')
    writeProgram(compiler, '')
    expect(await checkTools({ crossCompile: '', compiler }, path)).toBeUndefined()
  })

  it('does not take a folder or a file without permission for a program', async () => {
    const folder = temporaryFolder()
    const path = `${pathWith(...common, 'gcc', 'ar', 'nm', 'objcopy')}:${folder}`
    mkdirSync(join(folder, 'ld'))
    expect(await checkTools(native, path)).toMatchObject({ kind: 'missing-tool' })
    writeProgram(join(folder, 'bin', 'ld'), '')
    chmodSync(join(folder, 'bin', 'ld'), 0o644)
    const both = `${path}:${join(folder, 'bin')}`
    expect(await checkTools(native, both)).toMatchObject({ kind: 'missing-tool' })
    chmodSync(join(folder, 'bin', 'ld'), 0o755)
    expect(await checkTools(native, both)).toBeUndefined()
  })
})
