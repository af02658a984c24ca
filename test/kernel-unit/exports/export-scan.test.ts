import { describe, expect, it } from 'vitest'
import { scanText, usesMacro } from '../../../src/kernel/exports/export-scan.ts'

const scan = (text: string, isHeader = true) => scanText(Buffer.from(text), isHeader)

describe('scanText', () => {
  it.each([
    ['EXPORT_SYMBOL(a);', true],
    ['ACPI_EXPORT_SYMBOL(a)', true],
    ['\tEXPORT_PER_CPU_SYMBOL (a)', true],
    ['#define X(a) EXPORT_SYMBOL(a)', false],
    ['#define X(a) \\\n int a; \\\n EXPORT_SYMBOL(a)', false],
    ['/* see EXPORT_SYMBOL(a) */', false],
    ['// EXPORT_SYMBOL(a)', false],
    ['#ifndef _LINUX_EXPORT_H', false],
    ['int a; /* x */ EXPORT_SYMBOL(a);', true],
    ['EXPORT##_SYMBOL(a)', true],
    ['PASTE(EX, PORT_, SYMBOL)(a)', true],
    ['/* @port: one of %PORT_* */', false],
    ['// PORT_, or EXPORT, see there', false],
  ])('takes a header with %j for a user of exports: %s', (text, uses) => {
    expect(scan(text).uses).toBe(uses)
  })

  it('takes any other file that has EXPORT_ for a user, wherever it stands', () => {
    expect(scan('#define X(a) EXPORT_SYMBOL(a)', false).uses).toBe(true)
    expect(scan('#define X(a) EXPORT##_SYMBOL(a)', false).uses).toBe(true)
    expect(scan('int a;', false).uses).toBe(false)
  })

  it('names the macros of a header that export under another name', () => {
    const text =
      '#define DEFINE_THING(a) \\\n\tint a; \\\n\tEXPORT_SYMBOL(a)\n#define MY_EXPORT_X(a) EXPORT_SYMBOL(a)'
    expect(scan(text).macros).toEqual(['DEFINE_THING'])
  })

  it('lists what may be included', () => {
    const text =
      '#include <asm/a.h>\n # include "../b/../c.c"\n#include "./d.h"\n#define TRACE_INCLUDE_FILE my-events\n'
    expect(scan(text, false)).toMatchObject({ includes: ['asm/a.h', 'c.c', 'd.h'], hints: ['my-events'] })
  })
})

describe('usesMacro', () => {
  it.each([
    ['DEFINE_THING(x)', true],
    ['#define OTHER(x) DEFINE_THING(x)', true],
    ['#define DEFINE_THING(x) int x', false],
    ['#ifdef DEFINE_THING', false],
    ['DEFINE_THINGS(x)', false],
    ['/* DEFINE_THING */', false],
  ])('finds a use in %j: %s', (text, expected) => {
    expect(usesMacro(Buffer.from(text), ['DEFINE_THING'])).toBe(expected)
  })
})
