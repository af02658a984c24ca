import { describe, expect, it } from 'vitest'
import { withoutAssemblerMacros } from '../../../src/kernel/exports/assembler-macros.ts'
import { macroOfLine, type Macro } from '../../../src/kernel/exports/macro-text.ts'
import { exporting, madeNames } from '../../../src/kernel/exports/made-names.ts'

/** The names that a text makes with macros that are written in it; those with EXPORT somewhere in their bodies lead to exports. */
function made(lines: readonly string[], assembler = false): readonly string[] {
  const macros = lines.flatMap((line): Macro | readonly Macro[] => macroOfLine(line) ?? [])
  const code = lines.filter((line) => !line.startsWith('#')).join('\n')
  const bodies = new Map<string, string>()
  for (const { name, body } of macros) bodies.set(name, `${bodies.get(name) ?? ''} ${body}`)
  const leading = new Set<string>()
  const leads = (name: string): boolean => exporting.test(name) || leading.has(name)
  for (let turn = 0; turn < bodies.size; turn++)
    for (const [name, body] of bodies) if (body.match(/\w+/g)?.some(leads)) leading.add(name)
  const names = madeNames(assembler ? withoutAssemblerMacros(code) : code, {
    named: (name) => macros.filter((macro) => macro.name === name),
    leads,
  })
  return [...names].sort()
}

const tracepoints = [
  '#define EXPORT_TRACEPOINT_SYMBOL(name) EXPORT_SYMBOL(__tracepoint_##name); EXPORT_SYMBOL(__traceiter_##name); EXPORT_STATIC_CALL(tp_func_##name)',
  '#define EXPORT_STATIC_CALL(name) EXPORT_SYMBOL(STATIC_CALL_KEY(name)); EXPORT_STATIC_CALL_TRAMP(name)',
  '#define EXPORT_STATIC_CALL_TRAMP(name) EXPORT_SYMBOL(STATIC_CALL_TRAMP(name)); ARCH_ADD_TRAMP_KEY(name)',
  '#define STATIC_CALL_KEY_PREFIX __SCK__',
  '#define STATIC_CALL_KEY(name) __PASTE(STATIC_CALL_KEY_PREFIX, name)',
  '#define STATIC_CALL_TRAMP(name) __PASTE(__SCT__, name)',
  '#define ___PASTE(a, b) a##b',
  '#define __PASTE(a, b) ___PASTE(a, b)',
]

describe('the names that macros make', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'an argument',
      ['#define DEF(f, level) void f(void) {} EXPORT_SYMBOL(f)', 'DEF(warn, KERN_WARNING);'],
      ['warn'],
    ],
    [
      'a word before and one behind an argument',
      ['#define DEF(n) EXPORT_SYMBOL(set_ ## n); EXPORT_SYMBOL_GPL(n##_key)', 'DEF(ull)', 'DEF( int );'],
      ['int_key', 'set_int', 'set_ull', 'ull_key'],
    ],
    [
      'two arguments, and one as often as it stands there',
      ['#define DEF(x, y, type) EXPORT_SYMBOL_NS_GPL(mmio##y##_##x##_##y, PECI)', 'DEF(readb, 64, u8);'],
      ['mmio64_readb_64'],
    ],
    [
      'the argument of a macro of a macro',
      [
        '#define INNER(n, t) t get_##n(void) {} MY_EXPORT(get_##n)',
        '#define OUTER(n) INNER(n, int)',
        '#define MY_EXPORT(s) EXPORT_SYMBOL_NS(s, MINE)',
        'OUTER(eckv)',
      ],
      ['get_eckv'],
    ],
    [
      'a tracepoint',
      [...tracepoints, 'EXPORT_TRACEPOINT_SYMBOL(run);'],
      ['__SCK__tp_func_run', '__SCT__tp_func_run', '__traceiter_run', '__tracepoint_run'],
    ],
    [
      'a trampoline alone',
      [...tracepoints, 'EXPORT_STATIC_CALL_TRAMP(might_resched);'],
      ['__SCT__might_resched'],
    ],
    [
      'a variable of each processor',
      ['#define EXPORT_PER_CPU_SYMBOL(v) EXPORT_SYMBOL(v)', 'EXPORT_PER_CPU_SYMBOL(numa);'],
      ['numa'],
    ],
    [
      'the elements of a list that gets the macro as an argument',
      ['#define LIST(M, x...) M(a, ##x) M(b, ##x)', '#define ONE(n) EXPORT_SYMBOL(one_##n);', 'LIST(ONE)'],
      ['one_a', 'one_b'],
    ],
    [
      'what a macro without parentheses stands for',
      ['#define MINE EXPORT_SYMBOL', '#define real other', '#define ALL MINE(last)', 'MINE(real);', 'ALL'],
      ['last', 'other'],
    ],
    [
      'registers that a macro names',
      [
        '#define FORM(x, ...) x,## __VA_ARGS__',
        '#define SEL(a, b) FORM(b)',
        '#define REG(reg) SEL(e##reg, r##reg)',
        '#define _AX REG(ax)',
        '#define THUNK(reg) __THUNK(thunk_ ## reg)',
        '#define __THUNK(sym) KEEP(sym); EXPORT_SYMBOL(sym)',
        '#define GEN(reg) MACRO reg ; THUNK(reg)',
        'GEN(_AX)',
        'THUNK(r8)',
      ],
      ['thunk_r8', 'thunk_rax'],
    ],
    [
      'what each of two definitions makes',
      ['#define DEF(n) EXPORT_SYMBOL(a_##n)', '#define DEF(n) EXPORT_SYMBOL(b_##n)', 'DEF(x)'],
      ['a_x', 'b_x'],
    ],
    ['what stands in an argument', ['#define IF(x) x', 'IF(EXPORT_SYMBOL(inner);)'], ['inner']],
    ['nothing where a macro does not export', ['#define DEF(n) int n', 'DEF(x); f(x);'], []],
  ])('are %s', (_, lines, names) => {
    expect(made(lines)).toEqual(names)
  })

  it('end where macros would grow without end', () => {
    const grow = ['#define A(x) B(x##x) A(x) EXPORT_SYMBOL(x)', '#define B(x) A(x##1) A(x##2)', 'A(n)']
    expect(made(grow)).toContain('n')
    const wide = Array.from({ length: 40 }, (_, at) => `#define M${at}(x) M${at + 1}(x##a) M${at + 1}(x##b)`)
    expect(made([...wide, '#define M40(x) EXPORT_SYMBOL(x)', 'M0(n)']).length).toBeLessThan(20_000)
  })

  it('are those of macros of the assembler', () => {
    const lines = [
      '.macro THUNK reg, size=8',
      'SYM_FUNC_START(thunk_\\reg)',
      'EXPORT_SYMBOL(thunk_\\reg\\()_\\size)',
      '.endm',
      '.macro BOTH op:req',
      '\tTHUNK \\op',
      '\tTHUNK \\op, size=4',
      '.endm',
      'THUNK rax',
      'label: BOTH ld; nop',
      '.irp reg, rbx, rcx',
      'THUNK \\reg, 2',
      'EXPORT_SYMBOL(plain_\\reg)',
      '.endr',
    ]
    expect(made(lines, true)).toEqual([
      'plain_rbx',
      'plain_rcx',
      'thunk_ld_4',
      'thunk_ld_8',
      'thunk_rax_8',
      'thunk_rbx_2',
      'thunk_rcx_2',
    ])
  })
})
