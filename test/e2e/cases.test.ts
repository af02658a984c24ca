import { execFile } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'

/** Small inputs that went wrong once, next to the repository and not part of it; its README says what each folder holds. */
const folder = fileURLToPath(new URL('../../../shared/cases', import.meta.url))
const bundle = resolve(import.meta.dirname, '../../dist/cli.js')

interface Ran {
  readonly code: number
  readonly output: string
}

const fail: Ran = { code: -1, output: 'was not run' }

function run(cmd: string, cwd: string): Promise<Ran> {
  const { PATH = '', HOME = '/' } = process.env
  const env = { PATH, HOME, KABI_GATE: `${process.execPath} ${bundle}` }
  return new Promise((settle) => {
    execFile('bash', ['-c', cmd], { cwd, env }, (error, stdout, stderr) => {
      settle({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output: stdout + stderr })
    })
  })
}

let copies: string

/** Runs a case in a copy of its folder: what is there is read-only, what a command makes beside it is not. */
function runCase(name: string, more = ''): Promise<Ran> {
  const copy = mkdtempSync(join(copies, `${name}-`))
  cpSync(join(folder, name), copy, { recursive: true })
  for (const path of ['', ...(readdirSync(copy, { recursive: true }) as string[])])
    chmodSync(join(copy, path), 0o755)
  return run(`${textOf(name, 'cmd')}${more}`, copy)
}

function textOf(name: string, file: string): string | undefined {
  const path = join(folder, name, file)
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
}

const names = existsSync(folder)
  ? readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  : []
const lifetime = 'retired-symbol-lifetime'

if (names.length === 0) test.skip(`needs the cases in ${folder}`)
else {
  const ran = new Map<string, Promise<Ran>>()
  beforeAll(() => {
    copies = mkdtempSync(join(tmpdir(), 'kabi-gate-test-'))
    for (const { name } of names) ran.set(name, runCase(name))
    ran.set('9.8', runCase(lifetime, ' --release 9.8'))
  })
  afterAll(() => rmSync(copies, { recursive: true, force: true }))

  describe('a case that went wrong once', () => {
    it.each(names.map(({ name }) => name))('%s', async (name) => {
      const { code, output } = (await ran.get(name)) ?? fail
      const expected = textOf(name, 'expected')
      const codes = textOf(name, 'exit')?.split(/\s+/)
      if (codes) expect(codes, `${expected}\n${output}`).toContain(String(code))
      for (const line of textOf(name, 'says')?.split('\n') ?? []) {
        if (line.startsWith('!')) expect(output, expected).not.toContain(line.slice(1))
        else expect(output, expected).toContain(line)
      }
    })
  })

  it.runIf(names.some(({ name }) => name === lifetime))(
    `${lifetime}: with the release that the case speaks of, the promise is over`,
    async () => {
      const { code, output } = (await ran.get('9.8')) ?? fail
      expect(code, output).toBe(0)
    },
  )
}
