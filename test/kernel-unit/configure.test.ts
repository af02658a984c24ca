import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collect } from '../../src/kernel/collect.ts'
import { configOf, evidence, fakeKernel, kinds, problems, variantPlan } from './fake-kernel.ts'

describe('the configuration', () => {
  it('is the base, then fragments, then further lines', async () => {
    const kernel = fakeKernel()
    const base = join(kernel.folder, 'base.config')
    const fragment = join(kernel.folder, 'f.config')
    writeFileSync(base, 'CONFIG_MODULES=y\nCONFIG_MODVERSIONS=y\nCONFIG_LAST=base')
    writeFileSync(fragment, 'CONFIG_A=y\nCONFIG_LAST=fragment')
    const config = configOf({
      from: { kind: 'file', path: base },
      fragments: [fragment],
      set: ['CONFIG_LAST=set'],
    })
    const { notes } = evidence(await collect(variantPlan({ config }), kernel.options))
    expect(notes).toEqual([])
    expect(readFileSync(join(kernel.variantFolder, 'build', '.config'), 'utf8')).toBe(
      'CONFIG_MODULES=y\nCONFIG_MODVERSIONS=y\nCONFIG_LAST=base\nCONFIG_A=y\nCONFIG_LAST=fragment\nCONFIG_LAST=set\n',
    )
    expect(kernel.calls()[0]?.at(-1)).toBe('olddefconfig')
  })

  it('starts from nothing each time, not from what the run before left', async () => {
    const kernel = fakeKernel()
    kernel.scenario(`base() { printf 'CONFIG_MODULES=y\\nCONFIG_MODVERSIONS=y\\n' >>"$out/.config"; }`)
    evidence(await collect(variantPlan({ config: configOf({ set: ['CONFIG_X=y'] }) }), kernel.options))
    evidence(await collect(variantPlan(), kernel.options))
    expect(readFileSync(join(kernel.variantFolder, 'build', '.config'), 'utf8')).not.toContain('CONFIG_X')
  })

  it('that records no checksums is refused before anything is built', async () => {
    const kernel = fakeKernel()
    kernel.scenario(`configure() { sed -i '/MODVERSIONS/d' "$out/.config"; }`)
    const [problem] = problems(await collect(variantPlan(), kernel.options))
    expect(problem).toMatchObject({ kind: 'modversions-off' })
    expect(problem?.message).toContain('CONFIG_MODVERSIONS')
    expect(kernel.calls().flat()).not.toContain('vmlinux')
    expect(kernel.calls().flat()).not.toContain('prepare')
  })

  it.each(['CONFIG_MODULES=m', 'CONFIG_MODULES=n', '# CONFIG_MODULES is not set'])(
    '%s records none',
    async (line) => {
      const kernel = fakeKernel()
      const config = configOf({ set: [line] })
      expect(kinds(await collect(variantPlan({ config }), kernel.options))).toEqual(['modversions-off'])
    },
  )

  it('notes what the kernel did not keep', async () => {
    const kernel = fakeKernel()
    kernel.scenario(`configure() { sed -i '/CONFIG_LOST/d' "$out/.config"; }`)
    const config = configOf({ set: ['CONFIG_LOST=y', 'CONFIG_KEPT=y'] })
    const { notes } = evidence(await collect(variantPlan({ config }), kernel.options))
    expect(notes).toHaveLength(1)
    expect(notes[0]).toMatchObject({ kind: 'option-dropped', variant: 'x86_64' })
    expect(notes[0]?.excerpt).toEqual(['CONFIG_LOST=y was asked for; it is not set'])
  })

  it('that make refuses is a problem with make’s words', async () => {
    const kernel = fakeKernel()
    const config = configOf({ from: { kind: 'targets', targets: ['no_such_target'] } })
    const [problem] = problems(await collect(variantPlan({ config }), kernel.options))
    expect(problem).toMatchObject({ kind: 'configure-failed', excerpt: ['unknown targets: no_such_target'] })
  })

  it('with a line or a file that cannot be read is a problem, and make is not called', async () => {
    const kernel = fakeKernel()
    const fragment = join(kernel.folder, 'f.config')
    const config = configOf({ fragments: [fragment] })
    expect(kinds(await collect(variantPlan({ config }), kernel.options))).toEqual(['unreadable'])
    writeFileSync(fragment, 'CONFIG_A=y\nCONFIG_B y\n')
    const [problem] = problems(await collect(variantPlan({ config }), kernel.options))
    expect(problem).toMatchObject({ kind: 'malformed-line', place: { file: fragment, line: 2 } })
    expect(existsSync(join(kernel.bin, 'calls'))).toBe(false)
  })

  it('begins a new build folder with what made it, as old as that is, so that make need not do it again', async () => {
    const kernel = fakeKernel()
    kernel.scenario(`configure() {
      mkdir -p "$out/scripts/kconfig" "$out/include/config"
      echo made >"$out/scripts/kconfig/conf"
      echo y >"$out/include/config/auto.conf"
      : >"$out/include/config/OPTION"
      ln -s /etc/passwd "$out/source"
      mkfifo "$out/pipe"
      touch -d 2020-01-01 "$out/.config" "$out/scripts/kconfig/conf" "$out/include/config/auto.conf"
    }`)
    evidence(await collect(variantPlan(), kernel.options))
    const build = join(kernel.variantFolder, 'build')
    const year = (path: string) => statSync(join(build, path)).mtime.getFullYear()
    for (const path of ['.config', 'scripts/kconfig/conf', 'include/config/auto.conf'])
      expect([path, year(path)]).toEqual([path, 2020])
    for (const path of ['source', 'pipe', 'include/config/OPTION'])
      expect([path, existsSync(join(build, path))]).toEqual([path, false])
  })

  it('keeps nothing that was written beside an earlier one', async () => {
    const kernel = fakeKernel()
    kernel.scenario(`
      base() { printf 'CONFIG_MODULES=y\\nCONFIG_MODVERSIONS=y\\n' >"$out/.config"; write; }
      configure() { write; }
      write() { mkdir -p "$out/include/config"; [ -e "$out/include/config/auto.conf" ] || cp "$out/.config" "$out/include/config/auto.conf"; }`)
    const config = configOf({
      from: { kind: 'targets', targets: ['defconfig', 'kvm_guest.config'] },
      set: ['CONFIG_X=y'],
    })
    evidence(await collect(variantPlan({ config }), kernel.options))
    const written = join(kernel.variantFolder, 'build/include/config/auto.conf')
    expect(readFileSync(written, 'utf8')).toContain('CONFIG_X=y')
  })
})
