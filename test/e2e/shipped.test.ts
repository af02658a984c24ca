import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from './run-bundle.ts'

const family = 'whitelists/debian-12'
const variants = readdirSync(family, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

describe('the whitelists that come with kabi-gate', () => {
  it('are those of the ten variants that their configuration names', async () => {
    const run = await runCli(['plan', '--json', '--config', join(family, 'kabi.yml'), '--source', '.'])
    const plan = JSON.parse(run.stdout) as { readonly variants: readonly { readonly name: string }[] }
    expect(plan.variants.map(({ name }) => name).sort()).toEqual(variants)
    expect(variants).toHaveLength(10)
  })

  it('are in canonical form, with types that give every checksum', async () => {
    const run = await runCli([
      'whitelist',
      'check',
      ...variants.map((name) => join(family, name, 'kabi_whitelist')),
    ])
    expect(run.stdout).not.toMatch(/error/i)
    expect(run.stdout.match(/checksums reproduced/g)).toHaveLength(10)
    expect(run.code).toBe(0)
  }, 60_000)

  it('protect what drivers import, and module_layout, in every variant', () => {
    const names = readFileSync(join(family, 'protected-symbols'), 'utf8')
    for (const variant of variants) {
      const list = readFileSync(join(family, variant, 'kabi_whitelist'), 'utf8')
      const symbols = [...list.matchAll(/^0x[0-9a-f]{8}\t(\S+)\t/gm)].map(([, symbol = '']) => symbol)
      expect(symbols.length, variant).toBeGreaterThan(800)
      expect(symbols).toContain('module_layout')
      for (const symbol of symbols) expect(names).toContain(`\t${symbol}\n`)
    }
  })
})
