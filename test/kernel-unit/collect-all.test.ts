import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collectAll } from '../../src/kernel/collect-all.ts'
import { takeLock } from '../../src/kernel/lock.ts'
import { fakeKernel, variantPlan } from './fake-kernel.ts'

const names = ['a', 'b', 'c', 'd']
const collections = names.map((name) => ({ variant: variantPlan({ name }), wanted: 'all' as const }))

describe('several variants', () => {
  it('give their evidence in the order of the plan, and one that fails stops no other', async () => {
    const kernel = fakeKernel()
    kernel.scenario(`build() {
      case "$out" in */b/*) echo 'cannot build b' >&2; exit 2;; */a/*) sleep 0.2;; esac
      echo '0x1	a	vmlinux	EXPORT_SYMBOL	' >"$out/Module.symvers"
    }`)
    const collected = await collectAll(collections, { ...kernel.options, jobs: 2 })
    expect(collected.map(({ kind, variant }) => `${variant} ${kind}`)).toEqual([
      'a evidence',
      'b failure',
      'c evidence',
      'd evidence',
    ])
    const ends = kernel.progress.filter(({ phase }) => phase === 'finished' || phase === 'failed')
    expect(ends.map(({ done, total }) => `${done}/${total ?? '?'}`)).toEqual(['1/4', '2/4', '3/4', '4/4'])
    expect(ends.filter(({ phase }) => phase === 'failed').map(({ variant }) => variant)).toEqual(['b'])
  })

  it('leave no file in the tree that its own Makefile wrote there, and say so', async () => {
    const kernel = fakeKernel()
    const generated = join(kernel.source, 'include/generated')
    kernel.scenario(`build() {
      mkdir -p '${generated}/uapi/linux'; echo "$out" >'${generated}/uapi/linux/version.h'
      echo '0x1	a	vmlinux	EXPORT_SYMBOL	' >"$out/Module.symvers"
    }`)
    for (const jobs of [1, 2]) {
      const collected = await collectAll(collections, { ...kernel.options, jobs })
      expect(existsSync(generated)).toBe(false)
      for (const one of collected) {
        expect(one.kind === 'evidence' ? one.notes : one.problems).toMatchObject([
          { kind: 'source-written', message: expect.stringContaining('uapi/linux/version.h') as unknown },
        ])
      }
    }
  })

  it('leave that file to the run that builds in their folder', async () => {
    const kernel = fakeKernel()
    const written = join(kernel.source, 'include/generated/uapi/linux/version.h')
    mkdirSync(dirname(written), { recursive: true })
    writeFileSync(written, '')
    const folder = join(kernel.options.workDir, names[0] ?? '')
    mkdirSync(folder, { recursive: true })
    const lock = await takeLock(join(folder, 'lock'))
    if ('kind' in lock) throw new Error(lock.message)
    const [one] = await collectAll(collections.slice(0, 1), kernel.options)
    await lock.release()
    expect(one?.kind === 'failure' && one.problems).toMatchObject([{ kind: 'busy' }])
    expect(existsSync(written)).toBe(true)
  })

  it.each([
    ['another file', 'include/generated/utsrelease.h', 'tree-not-clean'],
    ['a file of that name elsewhere', 'include/generated/linux/version.h', 'tree-not-clean'],
    ['a link in its place', 'include/generated/link.h', 'tree-not-clean'],
    ['nothing else', undefined, undefined],
  ])('start on a tree where an interrupted run left that file with %s', async (_, file, problem) => {
    const kernel = fakeKernel()
    const written = join(kernel.source, 'include/generated/uapi/linux/version.h')
    mkdirSync(dirname(written), { recursive: true })
    writeFileSync(written, '')
    if (file !== undefined) {
      mkdirSync(dirname(join(kernel.source, file)), { recursive: true })
      if (file.endsWith('link.h')) symlinkSync('uapi/linux/version.h', join(kernel.source, file))
      else writeFileSync(join(kernel.source, file), '')
    }
    kernel.scenario(`build() { echo '0x1	a	vmlinux	EXPORT_SYMBOL	' >"$out/Module.symvers"; }`)
    const [one] = await collectAll(collections.slice(0, 1), kernel.options)
    expect(one?.kind).toBe(problem ? 'failure' : 'evidence')
    if (one?.kind === 'failure') expect(one.problems[0]).toMatchObject({ kind: problem })
    expect(existsSync(written)).toBe(problem !== undefined)
  })

  it.each([
    [1, 1, 1],
    [2, 2, 1],
    [4, 4, 1],
    [6, 4, 2],
  ])('with %i jobs are collected %i at once with %i jobs each', async (jobs, atOnce, each) => {
    const kernel = fakeKernel()
    // Each waits for as many as shall be there once, on however busy a machine, and writes down how many it saw.
    kernel.scenario(`build() {
      mkdir -p "${kernel.folder}/running"; me=$(mktemp "${kernel.folder}/running/XXXXXX")
      for try in $(seq 100); do
        [ ! -e "${kernel.folder}/reached" ] && [ $(ls "${kernel.folder}/running" | wc -l) -lt ${atOnce} ] || break
        sleep 0.1
      done
      ls "${kernel.folder}/running" | wc -l >> "${kernel.folder}/counts"
      touch "${kernel.folder}/reached"; sleep 0.2; rm "$me"
      echo '0x1	a	vmlinux	EXPORT_SYMBOL	' >"$out/Module.symvers"
    }`)
    await collectAll(collections, { ...kernel.options, jobs })
    const counts = readFileSync(`${kernel.folder}/counts`, 'utf8').trim().split('\n').map(Number)
    expect(Math.max(...counts)).toBe(atOnce)
    const calls = readFileSync(join(kernel.bin, 'calls'), 'utf8').split('\n')
    expect(new Set(calls.filter((arg) => /^-j\d+$/.test(arg) && arg !== '-j1'))).toEqual(
      new Set(each === 1 ? [] : [`-j${each}`]),
    )
  })
})
