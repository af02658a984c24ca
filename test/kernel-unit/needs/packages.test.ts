import { describe, expect, it } from 'vitest'
import { machineOf } from '../../../src/config/machines.ts'
import type { Need } from '../../../src/kernel/needs/need.ts'
import { installAdvice, installationOf } from '../../../src/kernel/needs/packages.ts'

function program(name: string): Need {
  return { kind: 'program', name }
}

describe('the packages to install', () => {
  it.each<[string, string, readonly string[], readonly string[]]>([
    ['a native compiler', 'gcc', ['gcc'], ['gcc']],
    ['a version of it', 'gcc-12', ['gcc-12'], ['gcc']],
    ['native binutils', 'objcopy', ['binutils'], ['binutils']],
    ['a cross compiler', 'aarch64-linux-gnu-gcc', ['gcc-aarch64-linux-gnu'], ['gcc-aarch64-linux-gnu']],
    ['a version of it', 'aarch64-linux-gnu-gcc-12', ['gcc-12-aarch64-linux-gnu'], ['gcc-aarch64-linux-gnu']],
    ['cross binutils', 's390x-linux-gnu-nm', ['binutils-s390x-linux-gnu'], ['binutils-s390x-linux-gnu']],
    ['a compiler that only Debian has', 'i686-linux-gnu-gcc', ['gcc-i686-linux-gnu'], []],
    ['a compiler of another name', 'arm-linux-gnueabihf-gcc', ['gcc-arm-linux-gnueabihf'], []],
    ['a compiler of Fedora', 'arm-linux-gnu-gcc', ['gcc-arm-linux-gnu'], ['gcc-arm-linux-gnu']],
    ['clang', 'clang-15', ['clang-15'], ['clang']],
    ['its linker', 'ld.lld', ['lld'], ['lld']],
    ['its binutils', 'llvm-nm-15', ['llvm-15'], ['llvm']],
    ['what comes in two', 'rustc', ['rustc', 'rust-src'], ['rust', 'rust-src']],
    ['a header', 'gelf.h', ['libelf-dev'], ['elfutils-libelf-devel']],
    ['what nobody knows', '/opt/my-gcc', [], []],
  ])('for %s, %s', (_, name, apt, dnf) => {
    expect(installationOf([program(name)], 'x64')).toMatchObject({ apt, dnf })
  })

  it('are native on the machine that the prefix names', () => {
    expect(installationOf([program('x86_64-linux-gnu-gcc')], 'x64').apt).toEqual(['gcc'])
    expect(installationOf([program('x86_64-linux-gnu-gcc')], 'arm64').apt).toEqual(['gcc-x86-64-linux-gnu'])
  })

  it.each(['x64', 'arm64', 'ppc64', 's390x', 'riscv64', 'loong64', 'arm', 'ia32'])(
    'are known, or said to be unknown, for the cross compiler of %s',
    (node) => {
      const name = `${machineOf(node).crossCompile}gcc`
      const { apt, dnf, notes } = installationOf([program(name)], node === 'x64' ? 'arm64' : 'x64')
      expect(apt).toHaveLength(1)
      expect(apt[0]).toMatch(/^gcc-[a-z0-9-]+$/)
      expect(dnf.length + notes.length).toBeGreaterThan(0)
      expect(notes.join()).toMatch(/Fedora|EPEL/)
    },
  )

  it('stand once each, in the order of what they are needed for', () => {
    const { apt } = installationOf(['flex', 'ld', 'gcc', 'nm', 'flex'].map(program), 'x64')
    expect(apt).toEqual(['flex', 'binutils', 'gcc'])
  })

  it('are commands that can be copied as they stand', () => {
    const advice = installAdvice(installationOf([program('flex'), program('/opt/my-gcc')], 'x64'))
    expect(advice).toContain('No package is known for /opt/my-gcc')
    expect(advice).toMatch(/sudo apt-get install flex;.*sudo dnf install flex;.*kabi-gate doctor$/)
  })
})
