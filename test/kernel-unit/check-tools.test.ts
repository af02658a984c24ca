import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Toolchain } from '../../src/config/plan.ts'
import { checkTools } from '../../src/kernel/check-tools.ts'
import { temporaryFolder, writeProgram } from './fake-kernel.ts'

function pathWith(...programs: readonly string[]): string {
  const folder = temporaryFolder()
  for (const program of programs) writeProgram(join(folder, program), '')
  return `/nowhere::${folder}`
}

const native: Toolchain = { crossCompile: '' }
const common = ['make', 'flex', 'bison', 'bc']

describe('checkTools', () => {
  it.each<[string, Toolchain, readonly string[]]>([
    ['a native build', native, ['gcc', 'ld']],
    [
      'a cross build',
      { crossCompile: 's390x-linux-gnu-' },
      ['gcc', 's390x-linux-gnu-gcc', 's390x-linux-gnu-ld'],
    ],
    [
      'a compiler of its own',
      { crossCompile: '', compiler: 'ccache gcc-12 -m32' },
      ['ccache', 'gcc-12', 'gcc', 'ld'],
    ],
    ['LLVM', { crossCompile: '', llvm: '1' }, ['clang', 'ld.lld']],
    ['a version of LLVM', { crossCompile: 'aarch64-linux-gnu-', llvm: '-15' }, ['clang-15', 'ld.lld-15']],
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
    const problem = await checkTools({ crossCompile: 'x86_64-linux-gnu-' }, pathWith('make', 'gcc'))
    expect(problem?.message).toContain('flex, bison, bc, x86_64-linux-gnu-gcc, x86_64-linux-gnu-ld')
    expect(problem?.advice).toContain(
      'sudo apt-get install flex bison bc gcc-x86-64-linux-gnu binutils-x86-64-linux-gnu;',
    )
    expect(problem?.advice).toContain(
      'sudo dnf install flex bison bc gcc-x86_64-linux-gnu binutils-x86_64-linux-gnu',
    )
  })

  it.each([
    ['gcc-12', 'gcc-12'],
    ['aarch64-linux-gnu-gcc-12', 'gcc-12-aarch64-linux-gnu'],
    ['clang-15', 'clang-15'],
  ])('knows the Debian package of %s', async (compiler, debian) => {
    const problem = await checkTools({ crossCompile: '', compiler }, pathWith(...common, 'gcc', 'ld'))
    expect(problem?.advice).toContain(`apt-get install ${debian};`)
  })

  it('takes a compiler by its path, and gives no package for it', async () => {
    const folder = temporaryFolder()
    const compiler = join(folder, 'my-gcc')
    const path = pathWith(...common, 'gcc', 'ld')
    const problem = await checkTools({ crossCompile: '', compiler }, path)
    expect(problem?.message).toContain(compiler)
    expect(problem?.advice).not.toContain('apt-get')
    writeProgram(compiler, '')
    expect(await checkTools({ crossCompile: '', compiler }, path)).toBeUndefined()
  })

  it('does not take a folder or a file without permission for a program', async () => {
    const folder = temporaryFolder()
    const path = `${pathWith(...common, 'gcc')}:${folder}`
    mkdirSync(join(folder, 'ld'))
    expect(await checkTools(native, path)).toMatchObject({ kind: 'missing-tool' })
    writeProgram(join(folder, 'bin', 'ld'), '')
    chmodSync(join(folder, 'bin', 'ld'), 0o644)
    expect(await checkTools(native, `${path}:${join(folder, 'bin')}`)).toMatchObject({ kind: 'missing-tool' })
  })
})
