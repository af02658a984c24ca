import { describe, expect, it } from 'vitest'
import { compareVersions } from '../../src/debian/compare-versions.ts'

describe('comparing versions of Debian packages', () => {
  it.each([
    ['6.1.192-2', '6.1.192-1'],
    ['6.1.192-1', '6.1.190-9'],
    ['6.1.1000-1', '6.1.999-1'],
    ['6.1.10-1', '6.1.9-10'],
    ['6.1.176-1', '6.1.176-1~bpo11+1'],
    ['6.1.176-1', '6.1.176~rc3-1'],
    ['6.1.176-1+b1', '6.1.176-1'],
    ['6.1.176-1.1', '6.1.176-1'],
    ['1:1.0', '6.1.192-2'],
    ['1.0-1', '1.0'],
    ['1.0+dfsg', '1.0a'],
    ['2.0-1-2', '2.0-1-1'],
  ])('%s is newer than %s', (newer, older) => {
    expect(compareVersions(newer, older)).toBeGreaterThan(0)
    expect(compareVersions(older, newer)).toBeLessThan(0)
  })

  it.each([
    ['6.1.176-1', '6.1.176-1'],
    ['1.02', '1.2'],
    ['0:1.0', '1.0'],
  ])('%s is the same as %s', (a, b) => {
    expect(compareVersions(a, b)).toBe(0)
  })
})
