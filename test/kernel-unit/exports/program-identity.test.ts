import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { programIdentities } from '../../../src/kernel/exports/program-identity.ts'
import { writeProgram } from '../fake-kernel.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

describe('the identity of a program', () => {
  it('of the build folder is its content, whenever it was made', () => {
    const output = temporaryFolder()
    const identity = () => programIdentities(output, {})('scripts/genksyms')
    mkdirSync(join(output, 'scripts'))
    writeFileSync(join(output, 'scripts/genksyms'), 'one')
    const first = identity()
    utimesSync(join(output, 'scripts/genksyms'), new Date('2020-01-01'), new Date('2020-01-01'))
    expect(identity()).toBe(first)
    writeFileSync(join(output, 'scripts/genksyms'), 'two')
    expect(identity()).not.toBe(first)
  })

  it('of the machine is its file, date and size', () => {
    const bin = temporaryFolder()
    const identity = () => programIdentities('/nowhere', { PATH: `/nowhere:${bin}` })('gcc')
    expect(identity()).toBeUndefined()
    writeProgram(join(bin, 'gcc'), 'true')
    const first = identity()
    expect(first).toContain(join(bin, 'gcc'))
    utimesSync(join(bin, 'gcc'), new Date('2020-01-01'), new Date('2020-01-01'))
    expect(identity()).not.toBe(first)
  })
})
