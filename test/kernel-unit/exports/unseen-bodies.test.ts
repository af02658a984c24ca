import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unseenBodies } from '../../../src/kernel/exports/unseen-bodies.ts'
import { genksymsKernel, smallKernel, type SmallKernel } from './small-kernel.ts'

const types = Buffer.from(
  [
    's#lost struct lost { UNKNOWN } ',
    'u#other union other { UNKNOWN } ',
    'override e#third enum third { UNKNOWN } ',
    's#seen struct seen { int a ; } ',
    'f int f ( s#lost * , u#other * , e#third , s#seen * ) ',
    '',
  ].join('\n'),
)

describe('the bodies that genksyms does not see', () => {
  it.each([
    ['an attribute in front of the name', 'struct __attribute__((aligned(64))) lost { int a; };', ['s#lost']],
    ['nothing that genksyms could not read', 'struct lost { int a; };', ['s#lost']],
    ['a brace on a line of its own', 'struct lost\n{\n int a; };', ['s#lost']],
    ['a line marker between', 'struct lost\n# 12 "include/x.h" 2\n# 3 "y.h"\n{ int a; };', ['s#lost']],
    ['a digraph', 'struct lost <% int a; %>;', ['s#lost']],
    ['several of them', 'enum third{ A };union other {int a;};', ['e#third', 'u#other']],
    ['no body', 'struct lost; struct seen { struct lost *p; } ; int lost(void);', []],
    ['another type of nearly that name', 'struct lost2 { int a; }; struct my_lost { int b; };', []],
    ['nothing', '', []],
    ['a brace in front of everything', '{', []],
    ['a line marker in front of everything', '# 1 "a.c"\n{', []],
  ])('are found with %s', (_, text, expected) => {
    expect(unseenBodies(types, [Buffer.from(text)])).toEqual(expected)
  })

  it('are looked for in every text', () => {
    const texts = ['struct lost;', 'struct lost { int a; };'].map((text) => Buffer.from(text))
    expect(unseenBodies(types, texts)).toEqual(['s#lost'])
  })

  it('are none where genksyms knows all bodies', () => {
    expect(unseenBodies(Buffer.from('s#a struct a { int x ; } \n'), [Buffer.from('struct a {')])).toEqual([])
  })
})

describe.skipIf(spawnSync('gcc', ['--version']).error)(
  'an object whose types genksyms lost (needs gcc)',
  () => {
    let kernel: SmallKernel
    beforeEach(() => {
      const script = genksymsKernel.script.replace(
        "echo 's#text' $text",
        "echo 's#lost struct lost { UNKNOWN } '",
      )
      expect(script).not.toBe(genksymsKernel.script)
      kernel = smallKernel({ ...genksymsKernel, script })
    })
    afterEach(() => kernel.end())

    it.each<readonly [string, readonly string[], readonly string[]]>([
      ['nobody defines it', ['struct lost;'], []],
      [
        'an attribute stands in front of its name',
        ['struct __attribute__((aligned(64))) lost { int a; };'],
        ['s#lost'],
      ],
      [
        'it is hidden from genksyms',
        ['#ifndef __GENKSYMS__', 'struct lost { int a; };', '#endif'],
        ['s#lost'],
      ],
      ['it is for genksyms alone', ['#ifdef __GENKSYMS__', 'struct lost { int a; };', '#endif'], ['s#lost']],
      [
        'the compiler gets another text',
        ['#ifdef __GENKSYMS__', 'struct lost;', '#else', 'struct lost {', 'int a; };', '#endif'],
        ['s#lost'],
      ],
    ])('says which have a body where %s', async (_, lines, expected) => {
      const text = ['#include <linux/export.h>', ...lines, 'int plain;', 'EXPORT_SYMBOL(plain);', '']
      kernel.write({ 'lib/plain.c': text.join('\n') })
      const found = await kernel.evaluate('lib/plain', [])
      expect(found).toMatchObject({ kind: 'evaluation', unseen: expected })
    })
  },
)
