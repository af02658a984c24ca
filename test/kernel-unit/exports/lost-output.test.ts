import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { smallKernel, type Found, type SmallKernel } from './small-kernel.ts'

const hasTools = ['make', 'gcc', 'nm', 'sh', 'gzip'].every(
  (tool) => spawnSync(tool, ['--version']).error === undefined,
)

let kernel: SmallKernel
let fault: string
beforeEach(() => {
  kernel = smallKernel()
  const bin = join(kernel.source, '../bin')
  fault = join(kernel.source, '../fault')
  mkdirSync(bin)
  // Each tool does as always and then, while there is a fault, what that says; it always ends with code 0.
  for (const tool of ['gcc', 'make']) {
    const real = spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim()
    writeFileSync(join(bin, tool), toolWith(tool, real))
    chmodSync(join(bin, tool), 0o755)
  }
  const genksyms = join(kernel.output, 'scripts/genksyms/genksyms')
  writeFileSync(`${genksyms}.real`, readFileSync(genksyms))
  chmodSync(`${genksyms}.real`, 0o755)
  writeFileSync(genksyms, toolWith('genksyms', `${genksyms}.real`))
  vi.stubEnv('PATH', `${bin}:${process.env['PATH'] ?? ''}`)
})
afterEach(() => {
  vi.unstubAllEnvs()
  kernel.end()
})

const toolWith = (tool: string, real: string) => `#!/bin/sh
tool=${tool} real=${real} out= rule= types= last=
for word; do
  case $last in -o) out=$word ;; -MF) rule=$word ;; -T) types=$word ;; esac
  last=$word
done
cut() { head -c $(($(wc -c <"$1") / 2)) "$1" >"$1.cut"; mv "$1.cut" "$1"; }
[ ! -e ${fault} ] || . ${fault}
exec "$real" "$@"
`

const rows = ({ result }: Found) =>
  result.kind === 'found' ? result.exports.map(({ symbol, crc }) => `${symbol} ${crc}`) : result.problems

/** What is found with a fault, then without it, and without it again; the last must run nothing. */
async function findWith(script: string, wanted: readonly string[] | 'all') {
  writeFileSync(fault, script)
  const disturbed = await kernel.find(wanted)
  rmSync(fault)
  const after = await kernel.find(wanted)
  const kept = await kernel.find(wanted)
  return { disturbed: rows(disturbed), after: rows(after), kept: rows(kept), runs: kept.runs }
}

const onText = 'case $tool$out in gcc*.i)'

describe.skipIf(!hasTools)('a tool that ends with 0 and lost something (needs make, gcc and nm)', () => {
  it.each([
    ['a compiler that prints nothing', `${onText} "$real" "$@"; : >"$out"; exit 0 ;; esac`],
    ['a compiler that writes no file', `${onText} exit 0 ;; esac`],
    ['a compiler whose text is cut', `${onText} "$real" "$@"; cut "$out"; exit 0 ;; esac`],
    [
      'a compiler whose text lacks the last line',
      `${onText} "$real" "$@"; head -n -1 "$out" >"$out.x"; mv "$out.x" "$out"; exit 0 ;; esac`,
    ],
    ['a compiler whose list of files is cut', `${onText} "$real" "$@"; cut "$rule"; exit 0 ;; esac`],
    ['a compiler whose list of files is empty', `${onText} "$real" "$@"; : >"$rule"; exit 0 ;; esac`],
    ['a genksyms that prints nothing', `[ $tool != genksyms ] || { "$real" "$@" >/dev/null; exit 0; }`],
    ['a genksyms that does nothing', `[ $tool != genksyms ] || exit 0`],
    ['a genksyms whose list is cut', `[ $tool != genksyms ] || { "$real" "$@" | head -n 1; exit 0; }`],
    [
      'a genksyms whose list begins too late',
      `[ $tool != genksyms ] || { "$real" "$@" | tail -n 1; exit 0; }`,
    ],
    [
      'a genksyms that cuts a checksum',
      `[ $tool != genksyms ] || { "$real" "$@" | sed '1s/....$//'; exit 0; }`,
    ],
    [
      'a genksyms with another checksum',
      `[ $tool != genksyms ] || { "$real" "$@" | sed '1s/.$/0/; 1s/x./xf/'; exit 0; }`,
    ],
    ['a genksyms whose types are empty', `[ $tool != genksyms ] || { "$real" "$@"; : >"$types"; exit 0; }`],
    [
      'a genksyms whose types are cut',
      `[ $tool != genksyms ] || { "$real" "$@"; head -n -1 "$types" >"$types.x"; mv "$types.x" "$types"; exit 0; }`,
    ],
  ])('%s is an error, and nothing of it is kept', async (_, script) => {
    const wanted = ['start', 'stop']
    const { disturbed, after, kept, runs } = await findWith(script, wanted)
    expect(disturbed).toMatchObject([
      { kind: 'build-failed', message: expect.stringContaining('init/main.o') as string },
    ])
    expect(after).toEqual([expect.stringMatching(/^start \d+$/), expect.stringMatching(/^stop \d+$/)])
    expect(kept).toEqual(after)
    expect(runs).toEqual({ make: 0, compiler: 0, checksums: 0 })
  })

  it.each([
    ['with 127', 'exit 127'],
    ['with 2, and says nothing', 'exit 2'],
    ['by a signal', 'kill -9 $$'],
    ['with 0, and did nothing', 'exit 0'],
    ['with 0, and half of its output', '"$real" "$@" | head -n 3; exit 0'],
  ])('a make that ends in a folder %s is an error, and its list is not kept', async (_, ending) => {
    const script = `[ $tool != make ] || for word; do case $word in obj=lib) ${ending} ;; esac; done`
    const { disturbed, after, kept, runs } = await findWith(script, ['plain', 'start'])
    expect(disturbed).toMatchObject([{ kind: 'build-failed' }])
    expect(JSON.stringify(disturbed)).toContain('lib')
    expect(after).toEqual([expect.stringMatching(/^plain \d+$/), expect.stringMatching(/^start \d+$/)])
    expect(kept).toEqual(after)
    expect(runs.make).toBe(0)
  })

  it('takes an output of make that ends too early for no list', async () => {
    const script = `[ $tool != make ] || case "$*" in *obj=*) ;; *) "$real" "$@" | head -n 12; exit 0 ;; esac`
    const { disturbed, after } = await findWith(script, ['start'])
    expect(disturbed).toMatchObject([{ kind: 'build-failed' }])
    expect(after).toHaveLength(1)
  })

  it('preprocesses a source once more of which something that may export is not in the text', async () => {
    const plain = '#include <linux/export.h>\nint plain;\nEXPORT_SYMBOL(plain);\n'
    kernel.write({
      'lib/plain.c': `${plain}#ifdef NEVER\nstatic int f(void)\n{\n\treturn g(1);\n}\n#endif\n`,
    })
    const usual = await kernel.find(['plain'])
    kernel.write({ 'lib/plain.c': `${plain}#ifdef NEVER\nDEFINE_SOMETHING(plain);\n#endif\n` })
    const doubtful = await kernel.find(['plain'])
    expect(doubtful.result).toMatchObject({ kind: 'found', exports: [{ symbol: 'plain' }] })
    expect(doubtful.runs.compiler).toBe(usual.runs.compiler + 1)
    kernel.write({ 'lib/plain.c': `${plain}#ifndef NEVER\nDEFINE_SOMETHING(plain);\n#endif\n` })
    const script = `${onText} "$real" "$@"; head -n -1 "$out" >"$out.x"; mv "$out.x" "$out"; exit 0 ;; esac`
    const { disturbed, after } = await findWith(script, ['plain'])
    expect(disturbed).toMatchObject([{ kind: 'build-failed' }])
    expect(after).toHaveLength(1)
  })
})
