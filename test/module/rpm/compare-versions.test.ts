import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareRpmVersions } from '../../../src/module/rpm/compare-versions.ts'
import { hasProgram } from '../../support/packaging.ts'

const sign = (a: string, b: string) => Math.sign(compareRpmVersions(a, b))

/** Pieces of which versions are made, and what misleads who compares them. */
const version = fc
  .array(fc.constantFrom('0', '1', '5', '10', '010', 'el', 'rc', 'A', 'z', '.', '-', '_', '~', '^', '+'), {
    maxLength: 8,
  })
  .map((pieces) => pieces.join(''))

describe('compareRpmVersions', () => {
  it.each<[string, '<' | '=' | '>', string]>([
    ['5.14.0-70.el9.x86_64', '=', '5.14.0-70.el9.x86_64'],
    ['5.14.0-70.el9.x86_64', '>', '5.14.0'],
    ['5.14.0-70.el9.x86_64', '>', '5.14.0-70.el9'],
    ['5.14.0-70.el9.x86_64', '<', '5.14.0-162.el9.x86_64'],
    ['6.1.0-47-cloud-amd64', '>', '6.1.0'],
    ['6.10', '>', '6.9'],
    ['6.01', '=', '6.1'],
    ['6.1', '=', '6_1'],
    ['6.1.0-rc1', '>', '6.1.0'],
    ['6.1.0~rc1', '<', '6.1.0'],
    ['6.1.0^1', '>', '6.1.0'],
    ['6.1.0^1', '<', '6.1.0.1'],
    ['1.0', '>', '1.a'],
    ['1.0', '>', ''],
    ['', '=', ''],
  ])('%s %s %s', (a, order, b) => {
    expect(sign(a, b)).toBe({ '<': -1, '=': 0, '>': 1 }[order])
  })

  it('is an order, whichever of two comes first', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(sign(a, b)).toBe(0 - sign(b, a) || 0)
        expect(sign(a, a)).toBe(0)
      }),
      { seed: 7, numRuns: 2000 },
    )
  })

  it.skipIf(!hasProgram('rpm'))('says of 3,000 pairs what rpm says (needs rpm)', () => {
    // There, a hyphen parts version and release.
    const text = version.map((one) => '1' + one.replaceAll('-', '.'))
    const pairs = fc.sample(fc.tuple(text, text), { seed: 11, numRuns: 3000 })
    const said = Array.from({ length: 3 }, (_, part) => {
      const some = pairs.slice(part * 1000, (part + 1) * 1000)
      const lines = some.map(([a, b]) => `io.write(rpm.vercmp('${a}', '${b}'), ' ')`)
      return execFileSync('rpm', ['--eval', `%{lua:${lines.join('\n')}}`], { encoding: 'utf8' })
    })
    const signs = said.join(' ').trim().split(/\s+/).map(Number)
    expect(signs).toHaveLength(3000)
    expect(pairs.filter(([a, b], index) => sign(a, b) !== signs[index])).toEqual([])
  })
})
