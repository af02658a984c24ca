import { describe, expect, it } from 'vitest'
import { compilerDoubts } from '../../src/judge/compiler-doubts.ts'
import type { SymbolFinding } from '../../src/judge/finding.ts'
import type { StableGuard } from '../../src/judge/variant-case.ts'

const broken = (count: number, kind = 'changed') =>
  Array.from(
    { length: count },
    (_, at) => ({ family: 'symbol', kind, symbol: `s${at}`, severity: 'fail' }) as unknown as SymbolFinding,
  )

function doubts(
  known: Partial<StableGuard> & { readonly recorded?: string },
  findings = broken(1),
  compiler = 'gcc (Debian 12.2.0-14) 12.2.0',
  size = 20,
) {
  const { recorded, ...rest } = known
  const guard = {
    ...rest,
    ...(recorded === undefined ? {} : { baseline: { baseline: { compiler: recorded } } }),
    comparison: { protected: size },
  } as unknown as StableGuard
  const how = { strategy: 'exports', seconds: 1, compiler } as const
  return compilerDoubts(guard, { how }, findings)
}

const kinds = (...some: Parameters<typeof doubts>) => doubts(...some).map(({ kind }) => kind)

describe('a break of a list', () => {
  it('may follow from the compiler where nobody knows which one it was', () => {
    expect(doubts({}, broken(3))).toMatchObject([
      {
        kind: 'compiler-unknown',
        message: '3 changed checksums may follow from the compiler, here gcc (Debian 12.2.0-14) 12.2.0',
      },
    ])
  })

  it.each([
    ['kabi.yml', { builtWith: 'gcc (GCC) 14.2.1 20250110 (Red Hat 14.2.1-7)' }],
    ['baseline.yml', { recorded: 'gcc (GCC) 14.2.1 20250110 (Red Hat 14.2.1-7)' }],
  ])('may follow from the compiler where %s names another version', (_, known) => {
    expect(doubts(known)).toMatchObject([
      {
        kind: 'other-compiler',
        message: expect.stringContaining('was made with gcc (GCC) 14.2.1') as string,
      },
    ])
  })

  it('does not follow from the same version, whoever packed it', () => {
    expect(kinds({ builtWith: 'x86_64-linux-gnu-gcc-12 (GCC) 12.2.0 20220819 (Red Hat 12.2.0-1)' })).toEqual(
      [],
    )
    expect(kinds({ builtWith: 'Debian clang version 12.2.0' })).toEqual(['other-compiler'])
    expect(kinds({ builtWith: '12.2' })).toEqual(['other-compiler'])
  })

  it('is not said to follow from another family, which baseline.yml tells', () => {
    expect(kinds({ recorded: 'Debian clang version 14.0.6' })).toEqual([])
  })

  it('without a changed checksum, or of a finished build, does not follow from the compiler', () => {
    expect(kinds({}, broken(2, 'removed'))).toEqual([])
    const finished = { comparison: { protected: 20 } } as unknown as StableGuard
    expect(compilerDoubts(finished, { how: { strategy: 'prebuilt', seconds: 1 } }, broken(2))).toEqual([])
  })

  it('names the options of the compiler, those first that the release had otherwise', () => {
    const toolOptions = [
      { name: 'CONFIG_CC_HAS_ASM', here: 'y', released: 'n' },
      { name: 'CONFIG_CC_HAS_X', here: 'n' },
      ...Array.from({ length: 20 }, (_, at) => ({ name: `CONFIG_AS_${at}`, here: '1' })),
    ]
    const [doubt] = doubts({ toolOptions })
    expect(doubt?.excerpt?.slice(1, 3)).toEqual([
      'CONFIG_CC_HAS_ASM: not set in the configuration of the release, y with this compiler',
      'CONFIG_CC_HAS_X: not set with this compiler',
    ])
    expect(doubt?.excerpt?.at(-1)).toBe('and 10 more')
  })

  it('of most of its symbols makes one ask whether list and tree belong together', () => {
    expect(kinds({}, broken(11))).toEqual(['list-of-another-tree', 'compiler-unknown'])
    expect(kinds({}, broken(10))).toEqual(['compiler-unknown'])
    expect(kinds({}, broken(11, 'removed'))).toEqual(['list-of-another-tree'])
    expect(kinds({}, broken(3), 'gcc 12', 4)).toEqual(['compiler-unknown'])
  })
})

describe('a build that is compared with another', () => {
  it('leaves no doubt about a list', () => {
    expect(kinds({ isBuild: true }, broken(15))).toEqual([])
  })
})

describe('a list that holds', () => {
  it('leaves no doubt', () => {
    expect(kinds({}, [])).toEqual([])
  })
})
