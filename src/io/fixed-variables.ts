import { join } from 'node:path'
import { readText } from './read-text.ts'

/** A line of a kernel's top Makefile that chooses what is for who calls make. */
export interface FixedVariable {
  readonly name: string
  readonly value: string
  /** Counts from 1. */
  readonly line: number
}

const assignment = /^\s*(?:export\s+|override\s+)*(ARCH|CROSS_COMPILE)\s*[:?]?=\s*([^\s#$]+)\s*(?:#.*)?$/

/**
 * Lines of a tree's top Makefile that fix the architecture or the cross tools: `ARCH ?= arm`, `CROSS_COMPILE = arm-linux-gnueabi-`.
 * The kernel's own lines only repeat other variables. Nothing for a tree without a Makefile.
 */
export async function fixedVariables(folder: string): Promise<readonly FixedVariable[]> {
  const { value: text } = await readText(join(folder, 'Makefile'))
  return text.split('\n').flatMap((line, index) => {
    const [, name, value] = assignment.exec(line) ?? []
    return name === undefined || value === undefined ? [] : [{ name, value, line: index + 1 }]
  })
}
