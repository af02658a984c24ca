import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { inputNames } from '../../src/action/inputs.ts'
import { unverified } from '../../src/action/outputs.ts'

interface Manifest {
  readonly inputs: Record<string, { readonly description: string; readonly required?: boolean }>
  readonly outputs: Record<string, { readonly description: string }>
  readonly runs: { readonly using: string; readonly main: string }
}

const manifest = parse(readFileSync('action.yml', 'utf8')) as Manifest
const docs = readFileSync('docs/action.md', 'utf8')

describe('action.yml', () => {
  it('declares exactly the inputs that the code reads', () => {
    expect(Object.keys(manifest.inputs)).toEqual([...inputNames])
  })

  it('declares exactly the outputs that the code sets', () => {
    expect(Object.keys(manifest.outputs)).toEqual(Object.keys(unverified))
  })

  it('runs the committed bundle', () => {
    expect(manifest.runs).toEqual({ using: 'node24', main: 'dist/index.js' })
  })

  it.each([...Object.entries(manifest.inputs), ...Object.entries(manifest.outputs)])(
    'describes %s as docs/action.md does',
    (name, { description }) => {
      expect(docs).toContain(`| \`${name}\` | ${description.trim().replaceAll('\n', ' ')}`)
    },
  )
})
