import fc from 'fast-check'
import { runs } from '../support/properties.ts'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/parse-config.ts'
import { validConfigs } from './samples.ts'
import { toldOf } from './told.ts'

function told(text: string): string[] {
  return toldOf(parseConfig(text, 'kabi.yml').problems, 'config', 'kabi.yml')
}

/** The settings of a variant, one a line, below the lines that every configuration needs. */
function variant(...settings: string[]): string {
  return [
    'version: 1',
    'variants:',
    '  a:',
    '    arch: x86_64',
    ...settings.map((line) => `    ${line}`),
    '',
  ].join('\n')
}

function policy(...settings: string[]): string {
  return ['version: 1', 'variants: { a: { arch: x86_64 } }', ...settings, ''].join('\n')
}

describe('a valid configuration', () => {
  it.each(Object.entries(validConfigs))('is read: %s', (_, text) => {
    const { value, problems } = parseConfig(text, 'kabi.yml')
    expect(problems).toEqual([])
    expect(value).toBeDefined()
  })

  it('keeps what is written', () => {
    const settings = parseConfig(validConfigs['every key'] ?? '', 'kabi.yml').value?.settings
    expect(settings?.variants?.['i686PAE']).toEqual({
      config: {
        file: 'configs/pae.config',
        fragments: ['pae.config'],
        set: { CONFIG_NR_CPUS: 64, PHYSICAL_START: '0x100000', LOCALVERSION: '-pae', DEBUG_INFO: 'n' },
      },
      llvm: '-15',
      whitelist: { names: 'kabi/names', checksums: 'kabi/Module.kabi_pae' },
    })
    expect(settings?.variants?.['tiny']?.llvm).toBe(-16)
  })

  it('gives the rules of the policy their lines', () => {
    const text = validConfigs['every key'] ?? ''
    const rest = { file: 'the file' }
    const line = (pattern: string) => text.slice(0, text.indexOf(pattern)).split('\n').length
    expect(parseConfig(text, 'the file').value?.rules).toEqual([
      {
        match: { by: 'symbol', pattern: 'kvm_*' },
        action: 'pass',
        reason: 'not promised',
        ...rest,
        line: line('kvm_*'),
      },
      {
        match: { by: 'module', pattern: 'drivers/staging/*' },
        action: 'warn',
        ...rest,
        line: line('drivers/staging/*'),
      },
      {
        match: { by: 'namespace', pattern: 'CRYPTO_INTERNAL' },
        action: 'fail',
        ...rest,
        line: line('CRYPTO_INTERNAL'),
      },
    ])
  })

  it('expands aliases', () => {
    const { value } = parseConfig(validConfigs['anchors and aliases'] ?? '', 'kabi.yml')
    const { a, b, c } = value?.settings.variants ?? {}
    expect(a).toEqual({ arch: 'x86_64', config: { defconfig: 'x86_64_defconfig' } })
    expect(b).toEqual(a)
    expect(c).toEqual(a)
  })
})

describe('the whole file', () => {
  it.each<[string, string, string]>([
    ['empty', '', '1:1 [] The file is empty.'],
    ['only comments', '# kabi\n\n', '1:1 [#] The file is empty.'],
    ['a list', '- x86_64\n', '1:1 [- x86_64] The configuration: expected a map of settings, found a list.'],
    ['a word', 'x86_64\n', '1:1 [x86_64] The configuration: expected a map of settings, found "x86_64".'],
    [
      'another version, whatever else it holds',
      'version: 2\nmatrix: {}\n',
      '1:10 [2] This file is of version 2; this kabi-gate reads up to version 1.',
    ],
    ['two documents', 'version: 1\n---\nversion: 1\n', '2:1 [---] The file holds a second YAML document.'],
    [
      'another version of YAML',
      '%YAML 1.1\n---\nversion: 1\n',
      '1:1 [%YAML] The file asks for another version of YAML than 1.2.',
    ],
    [
      'an indentation with tabs',
      'version: 1\nvariants:\n\tx86_64:\n',
      '3:1 [ ] A tab is used for indentation, where YAML allows only spaces.',
    ],
  ])('is refused when it is %s', (_, text, expected) => {
    expect(told(text)).toEqual([expected])
  })

  it('is refused when it is far too long', () => {
    const [problem] = parseConfig(`version: 1\n${'#'.repeat(300_000)}\n`, 'kabi.yml').problems
    expect(problem).toMatchObject({
      message: 'The file is longer than 262144 characters.',
      place: { line: 1 },
    })
  })

  it('sends who has an empty file to init', () => {
    expect(parseConfig('', 'kabi.yml').problems[0]?.advice).toContain('kabi-gate init')
  })
})

describe('YAML that cannot be read', () => {
  it.each<[string, string, string]>([
    ['a second colon', 'version: 1: 2\n', '1:10 [1] A key and its value stand where no further key can be.'],
    [
      'a line indented below a value',
      'version: 1\n  preset: rhel5\n',
      '1:10 [1] A key and its value stand where no further key can be.',
    ],
    [
      'a missing colon',
      'version: 1\npreset\n',
      '2:1 [preset] There is no colon with a space behind it after this key.',
    ],
    [
      'a missing space after the colon',
      'version:1\npreset: rhel5\n',
      '1:1 [version:1] A key and its value stand where no further key can be.',
    ],
    ['an open quote', 'version: 1\npreset: "rhel5\n', '2:14 [5] A text in quotes has no closing quote.'],
    [
      'an open bracket',
      'variants: { a: { arch: x86_64 }\nversion: 1\n',
      '2:1 [v] A list in [ ] or a map in { } is not closed above this line.',
    ],
    ['a list that dances', 'a:\n  - 1\n - 2\n', '3:1 [ ] The indentation does not fit the lines above.'],
    [
      'a reserved character',
      'version: @1\n',
      '1:10 [@] A text without quotes cannot start with this character.',
    ],
    [
      'a tag',
      'version: !one 1\n',
      '1:10 [!one] A tag (a word that starts with "!") is used, which means nothing here.',
    ],
    ['a list as key', '? [a]\n: 1\n', '1:3 [[] A list or a map is used as a key.'],
    ['an alias of nothing', 'version: *one\n', '1:10 [*one] The alias "one" has no anchor above it.'],
    ['an alias of itself', 'variants: &v { a: *v }\n', '1:19 [*v] The alias "v" contains itself.'],
  ])('is refused for %s', (_, text, expected) => {
    expect(told(text)).toEqual([expected])
  })

  it('is refused before aliases multiply', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`)
    const text = ['l0: &l0 [1, 2, 3, 4]', ...levels, ''].join('\n')
    expect(told(text)).toEqual([expect.stringContaining('The file holds more than 20000 values.')])
  })

  it('tells a key that is given twice, and goes on', () => {
    expect(told('version: 1\nvariants:\n  a: { arch: x86_64 }\n  a: { arch: arm }\nwhitelist: x\n')).toEqual([
      '4:3 [a] variants.a is given twice; the first is on line 3.',
      '5:1 [whitelist] whitelist is not a known key; did you mean whitelists?',
    ])
  })

  it('takes a key for the same with and without quotes', () => {
    expect(told('version: 1\nvariants: { 386: { arch: i386 }, "386": { arch: arm } }\n')).toEqual([
      '2:34 ["386"] variants.386 is given twice; the first is on line 2.',
    ])
  })
})

describe('a setting', () => {
  const promise = 'promise: none'
  it.each<[string, string, string]>([
    [
      'an unknown key',
      variant('stratgy: full'),
      '5:5 [stratgy] variants.a.stratgy is not a known key; did you mean strategy?',
    ],
    ['a key far from all', variant('color: red'), '5:5 [color] variants.a.color is not a known key.'],
    [
      'an underscore',
      variant('make_args: [V=1]'),
      '5:5 [make_args] variants.a.make_args is not a known key; did you mean make-args?',
    ],
    [
      'a wrong word',
      variant('strategy: ful'),
      '5:15 [ful] variants.a.strategy: expected exports, full or prebuilt, found "ful"; did you mean full?',
    ],
    [
      'a number for a word',
      variant('strategy: 7'),
      '5:15 [7] variants.a.strategy: expected exports, full or prebuilt, found the number 7.',
    ],
    [
      'nothing',
      variant('symvers:'),
      '5:5 [symvers] variants.a.symvers: expected the path of a Module.symvers, found nothing.',
    ],
    [
      'an empty text',
      variant('symvers: ""'),
      '5:14 [""] variants.a.symvers: expected the path of a Module.symvers, found "".',
    ],
    [
      'a control character',
      variant('symvers: "a\\nb"'),
      '5:14 ["a\\nb"] variants.a.symvers: expected the path of a Module.symvers, found "a\\nb".',
    ],
    [
      'a list for a path',
      variant('symvers:', '  - a'),
      '5:5 [symvers] variants.a.symvers: expected the path of a Module.symvers, found a list.',
    ],
    [
      'a cross prefix without dash',
      variant('cross-compile: aarch64-linux-gnu'),
      '5:20 [aarch64-linux-gnu] variants.a.cross-compile: expected a prefix that ends in "-" or "/", such as aarch64-linux-gnu-, found "aarch64-linux-gnu".',
    ],
    [
      'shell in the compiler',
      variant('compiler: $(which gcc)'),
      '5:15 [$(which gcc)] variants.a.compiler: expected the command of a compiler, such as gcc-12, found "$(which gcc)".',
    ],
    [
      'a bare version of LLVM',
      variant('llvm: 15'),
      '5:11 [15] variants.a.llvm: expected true, a version with a dash such as "-15", or a folder that ends in "/", found the number 15.',
    ],
    [
      'a folder of LLVM without slash',
      variant('llvm: /usr/bin'),
      '5:11 [/usr/bin] variants.a.llvm: expected true, a version with a dash such as "-15", or a folder that ends in "/", found "/usr/bin".',
    ],
    [
      'LLVM switched off',
      variant('llvm: false'),
      '5:11 [false] variants.a.llvm: expected true, a version with a dash such as "-15", or a folder that ends in "/", found false.',
    ],
    [
      'no make argument',
      variant('make-args: []'),
      '5:5 [make-args] variants.a.make-args: expected a list of arguments, found an empty list.',
    ],
    [
      'a target for make',
      variant('make-args:', '  - modules'),
      '6:9 [modules] variants.a.make-args[0] is neither NAME=value nor an option.',
    ],
    [
      'two bases',
      variant('config:', '  file: a', '  targets: [tinyconfig]'),
      '7:7 [targets] variants.a.config.targets cannot stand beside file: a configuration has one base.',
    ],
    [
      'no base',
      variant('config:', '  fragments: [a]'),
      '5:5 [config] variants.a.config has no base, and neither have the defaults.',
    ],
    [
      'a list for a configuration',
      variant('config: [a]'),
      '5:5 [config] variants.a.config: expected the path of a kernel configuration, or a map with file, defconfig or targets, found a list.',
    ],
    [
      'an unknown key inside',
      variant('config: { fil: a }'),
      '5:15 [fil] variants.a.config.fil is not a known key; did you mean file?',
    ],
    [
      'a defconfig in the place of a file',
      variant('config: x86_64_defconfig'),
      '5:13 [x86_64_defconfig] variants.a.config looks like a default configuration of the kernel tree, but would name a file.',
    ],
    [
      'no defconfig',
      variant('config: { defconfig: tinyconfig }'),
      '5:26 [tinyconfig] variants.a.config.defconfig: expected the name of a default configuration, such as x86_64_defconfig or defconfig, found "tinyconfig".',
    ],
    [
      'a path out of the tree',
      variant('config: { defconfig: ../defconfig }'),
      '5:26 [../defconfig] variants.a.config.defconfig: expected the name of a default configuration, such as x86_64_defconfig or defconfig, found "../defconfig".',
    ],
    [
      'a target that builds',
      variant('config: { targets: [all] }'),
      '5:25 [all] variants.a.config.targets[0]: expected a configuration target of the kernel’s Makefile, such as tinyconfig or kvm_guest.config, found "all".',
    ],
    [
      'a target that asks',
      variant('config: { targets: [menuconfig] }'),
      '5:25 [menuconfig] variants.a.config.targets[0] asks questions or depends on the machine it runs on.',
    ],
    [
      'true for y',
      variant('config: { file: a, set: { MODVERSIONS: true } }'),
      '5:44 [true] variants.a.config.set.MODVERSIONS: expected y, m, n, a whole number, or a text in quotes, found true.',
    ],
    [
      'yes for y',
      variant('config: { file: a, set: { MODVERSIONS: yes } }'),
      '5:31 [MODVERSIONS] variants.a.config.set.MODVERSIONS has the value yes, which Kconfig does not know.',
    ],
    [
      'half a number',
      variant('config: { file: a, set: { HZ: 0.5 } }'),
      '5:35 [0.5] variants.a.config.set.HZ: expected y, m, n, a whole number, or a text in quotes, found the number 0.5.',
    ],
    [
      'a number too large',
      variant('config: { file: a, set: { HZ: 99999999999999999999 } }'),
      '5:35 [99999999999999999999] variants.a.config.set.HZ: expected y, m, n, a whole number, or a text in quotes, found the number 100000000000000000000.',
    ],
    [
      'two lines for an option',
      variant('config: { file: a, set: { HZ: "1\\nCONFIG_X=y" } }'),
      '5:35 ["1\\nCONFIG_X=y"] variants.a.config.set.HZ: expected y, m, n, a whole number, or a text in quotes, found "1\\nCONFIG_X=y".',
    ],
    [
      'an option twice',
      variant('config: { file: a, set: { HZ: 1, CONFIG_HZ: 2 } }'),
      '5:38 [CONFIG_HZ] variants.a.config.set.CONFIG_HZ is the same option as HZ.',
    ],
    [
      'no name of an option',
      variant('config: { file: a, set: { "HZ=1": y } }'),
      '5:31 ["HZ=1"] variants.a.config.set."HZ=1" is not the name of an option.',
    ],
    [
      'names without checksums',
      variant('whitelist: { names: a }'),
      '5:5 [whitelist] variants.a.whitelist has no checksums.',
    ],
    [
      'several whitelists',
      variant('whitelist: [a, b]'),
      '5:5 [whitelist] variants.a.whitelist: expected a path, or a map with names and checksums, found a list.',
    ],
    [
      'another promise',
      variant('promise: stable'),
      '5:14 [stable] variants.a.promise: expected none, found "stable".',
    ],
    ['no promise without reason', variant(promise), '5:5 [promise] variants.a.promise needs a reason.'],
    [
      'a short reason',
      variant(promise, 'reason: "  because  "'),
      '6:13 ["  because  "] variants.a.reason: expected a reason of at least ten characters, on one line, found "  because  ".',
    ],
    [
      'a reason without promise',
      variant('reason: technology preview'),
      '5:5 [reason] variants.a.reason stands without promise: none.',
    ],
    [
      'a whitelist without promise',
      variant(promise, 'reason: technology preview', 'whitelist: a'),
      '7:5 [whitelist] variants.a.whitelist stands beside promise: none.',
    ],
    [
      'an architecture in capitals',
      policy('defaults: {}').replace('x86_64', 'X86'),
      '2:24 [X86] variants.a.arch: expected an architecture, such as x86_64, i386, arm64, powerpc or s390, found "X86".',
    ],
    [
      'a promise for all',
      policy('defaults: { promise: none }'),
      '3:13 [promise] defaults.promise is not a known key.',
    ],
    ['a merge key', policy('defaults: { <<: {} }'), '3:13 [<<] defaults."<<" is not a known key.'],
    [
      'an unknown preset',
      'preset: rhel6\nversion: 1\nvariants: { a: { arch: arm } }\n',
      '1:9 [rhel6] preset: expected rhel5, found "rhel6"; did you mean rhel5?',
    ],
    [
      'an unknown policy',
      policy('policy: strickt'),
      '3:9 [strickt] policy: expected the name of a preset, or a map with preset, kinds, classes, unmoved, comparability, layouts, pre-existing, rules or severities, found "strickt"; did you mean strict?',
    ],
    [
      'an unknown preset of a policy',
      policy('policy: { preset: rhel7 }'),
      '3:19 [rhel7] policy.preset: expected strict, lenient, rhel5, rhel9, uek or suse, found "rhel7"; did you mean rhel5?',
    ],
    [
      'an unknown kind',
      policy('policy: { kinds: { chnaged: fail } }'),
      '3:20 [chnaged] policy.kinds.chnaged is not a known key; did you mean changed?',
    ],
    [
      'an unknown weight',
      policy('policy: { kinds: { changed: error } }'),
      '3:29 [error] policy.kinds.changed: expected fail, warn or ignore, found "error".',
    ],
    [
      'no rules',
      policy('policy: { rules: [] }'),
      '3:11 [rules] policy.rules: expected a list of rules, found an empty list.',
    ],
    [
      'a rule about nothing',
      policy('policy:', '  rules:', '    - action: pass'),
      '5:7 [action: pass] policy.rules[0] says nothing about what it matches.',
    ],
    [
      'a rule about two things',
      policy('policy:', '  rules:', '    - { symbol: a, module: b, action: pass }'),
      '5:20 [module] policy.rules[0].module cannot stand beside symbol.',
    ],
    [
      'a rule without action',
      policy('policy:', '  rules:', '    - symbol: a'),
      '5:7 [symbol: a] policy.rules[0] has no action.',
    ],
    [
      'a weight for an action',
      policy('policy: { rules: [{ symbol: a, action: ignore }] }'),
      '3:40 [ignore] policy.rules[0].action: expected pass, warn or fail, found "ignore".',
    ],
    [
      'no version',
      'variants: { a: { arch: arm } }\n',
      '1:1 [variants: { a: { arch: arm } }] The configuration has no version.',
    ],
    [
      'the version in quotes',
      'version: "1"\nvariants: { a: { arch: arm } }\n',
      '1:10 ["1"] version: expected the number 1, found "1".',
    ],
    ['no variants', 'version: 1\n', '1:1 [version: 1] No variant is named.'],
    ['variants without any', 'version: 1\nvariants: {}\n', '2:1 [variants] No variant is named.'],
    [
      'a list of variants',
      'version: 1\nvariants:\n  - a\n',
      '2:1 [variants] variants: expected a map of variants, found a list.',
    ],
    [
      'a variant without settings',
      'version: 1\nvariants:\n  a:\n',
      '3:3 [a] variants.a: expected a map of settings, found nothing.',
    ],
    ['no architecture', 'version: 1\nvariants:\n  a: {}\n', '3:3 [a] variants.a has no arch.'],
    [
      'no architecture beside a preset',
      'version: 1\npreset: rhel5\nvariants: { i686: {}, i586: {} }\n',
      '3:23 [i586] variants.i586 has no arch.',
    ],
    [
      'a name that climbs',
      'version: 1\nvariants:\n  ../a: { arch: arm }\n',
      '3:3 [../a] variants."../a" is not a name for a variant.',
    ],
    [
      'a name like an option',
      'version: 1\nvariants: { -a: { arch: arm } }\n',
      '2:13 [-a] variants.-a is not a name for a variant.',
    ],
    [
      'an empty name',
      'version: 1\nvariants: { "": { arch: arm } }\n',
      '2:13 [""] variants."" is not a name for a variant.',
    ],
    [
      'the name of a prototype',
      'version: 1\nvariants: { __proto__: { arch: arm }, a: { arch: arm } }\n',
      '2:13 [__proto__] variants.__proto__ cannot be a key.',
    ],
  ])('is refused: %s', (_, text, expected) => {
    expect(told(text)).toEqual([expected])
    expect(parseConfig(text, 'kabi.yml').value).toBeUndefined()
  })

  it('is told with all others, in the order of the lines', () => {
    const text = `colour: red
variants:
  b: { whitelist: { names: x } }
  a:
    arch: 5
    strategy: never
    promise: none
version: 1
policy: { kinds: { moved: no } }
`
    expect(told(text)).toEqual([
      '1:1 [colour] colour is not a known key.',
      '3:3 [b] variants.b has no arch.',
      '3:8 [whitelist] variants.b.whitelist has no checksums.',
      '5:11 [5] variants.a.arch: expected an architecture, such as x86_64, i386, arm64, powerpc or s390, found the number 5.',
      '6:15 [never] variants.a.strategy: expected exports, full or prebuilt, found "never".',
      '9:27 [no] policy.kinds.moved: expected fail, warn or ignore, found "no".',
    ])
  })

  it('shows twenty problems and counts the rest', () => {
    const { problems } = parseConfig(
      `version: 1\n${'x'
        .repeat(30)
        .split('')
        .map((x, i) => `${x}${i}: 1\n`)
        .join('')}`,
      'f',
    )
    expect(problems).toHaveLength(21)
    expect(problems.at(-1)?.message).toBe('11 more problems in this file are not shown.')
  })

  it('lists the known keys when none is near', () => {
    expect(parseConfig(policy('colour: red'), 'kabi.yml').problems[0]?.advice).toBe(
      'Known keys here: version, preset, whitelists, release, defaults, variants, policy, protected, waivers, notes, report.',
    )
  })
})

describe('an excerpt', () => {
  it('shows the part of a long line around the place', () => {
    const text = `version: 1\nvariants: { a: { arch: arm, reason: ${'r'.repeat(200)}, strateg: full, symvers: ${'s'.repeat(90)} } }\n`
    const [, problem] = parseConfig(text, 'kabi.yml').problems
    expect(problem?.excerpt).toEqual([
      `…${'r'.repeat(38)}, strateg: full, symvers: ${'s'.repeat(36)}…`,
      `${' '.repeat(41)}^^^^^^^`,
    ])
  })

  it('shows nothing that a terminal would obey', () => {
    const text = 'version: 1\nx\u001b[2J\u202e: 1\nvariants: { a: { arch: arm } }\n'
    const [problem] = parseConfig(text, 'kabi.yml').problems
    expect(problem?.message).toBe('"x\\u001b[2J\\u202e" is not a known key.')
    expect(problem?.excerpt?.[0]).toBe('x?[2J?: 1')
  })
})

describe('any text at all', () => {
  const words = fc.constantFrom(
    ...[
      'version',
      ':',
      ' ',
      '1',
      '\n',
      '\n  ',
      '\n    ',
      '- ',
      'variants',
      'arch',
      'x86_64',
      '{',
      '}',
      '[',
      ']',
      ',',
    ],
    ...[
      '"',
      "'",
      '&a ',
      '*a',
      '!!str ',
      '#',
      '|',
      '>',
      '?',
      '\t',
      '%YAML 1.1\n',
      '---\n',
      '<<',
      'set',
      '\r\n',
      '\0',
    ],
  )

  it('is read or refused, never thrown at', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(words, { maxLength: 60 }).map((parts) => parts.join('')),
      fc.json().map((json) => `version: 1\nvariants: ${json}\n`),
    )
    fc.assert(
      fc.property(text, (input) => {
        const { value, problems } = parseConfig(input, 'kabi.yml')
        expect(value === undefined).toBe(problems.length > 0)
        for (const { place, excerpt, message } of problems) {
          expect(place?.line).toBeGreaterThan(0)
          expect(place?.column).toBeGreaterThan(0)
          if (!message.endsWith('are not shown.')) expect(excerpt).toHaveLength(2)
        }
      }),
      { numRuns: runs(200) },
    )
  })

  it('is refused when it is nested too deeply', () => {
    for (const text of ['['.repeat(20_000), '- '.repeat(20_000), '{a: '.repeat(20_000)]) {
      expect(parseConfig(text, 'kabi.yml').value).toBeUndefined()
    }
  })

  const paths: readonly (readonly string[])[] = [
    [],
    ['defaults'],
    ['defaults', 'config'],
    ['variants', 'i686PAE'],
    ['variants', 'i686PAE', 'config'],
    ['variants', 'i686PAE', 'whitelist'],
    ['policy'],
    ['policy', 'kinds'],
    ['policy', 'rules', '0'],
  ]
  const known =
    /^(version|preset|whitelists?|defaults|variants|policy|arch|config|cross-compile|compiler|llvm|make-args|strategy|symvers|promise|reason|file|defconfig|targets|fragments|set|names|checksums|kinds|rules|severities|removed|changed|unversioned|export-type|namespace|moved|added|symbol|module|action)$/

  it('is refused when it holds an unknown key, wherever it stands', () => {
    const key = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom('__proto__', 'constructor', 'toString', 'Version', 'hasOwnProperty'),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        key.filter((word) => !known.test(word)),
        fc.jsonValue(),
        (path, word, value) => {
          const whole: unknown = structuredClone(
            parseConfig(validConfigs['every key'] ?? '', 'kabi.yml').value?.settings,
          )
          const map = path.reduce<unknown>((inner, step) => (inner as Record<string, unknown>)[step], whole)
          Object.defineProperty(map, word, { value, enumerable: true, configurable: true })
          const { problems } = parseConfig(JSON.stringify(whole), 'kabi.yml')
          expect(problems.map(({ message }) => message).join()).toMatch(/is not a known key|cannot be a key/)
        },
      ),
      { numRuns: runs(100) },
    )
  })
})

describe('notes of the distribution', () => {
  const withNotes = (notes: string) =>
    parseConfig(`version: 1\nvariants: { a: { arch: x86_64, symvers: s } }\nnotes: ${notes}\n`, 'kabi.yml')

  it('are lines of text', () => {
    const { value, problems } = withNotes(`[This is no certification., "${'x'.repeat(300)}"]`)
    expect(problems).toEqual([])
    expect(value?.settings.notes).toEqual(['This is no certification.', 'x'.repeat(300)])
  })

  it.each([
    ['too long', `["${'x'.repeat(301)}"]`, 'a line of text, at most 300 characters'],
    ['of two lines', '["a\\nb"]', 'a line of text, at most 300 characters'],
    ['a colour', '["\\e[31m"]', 'a line of text, at most 300 characters'],
    ['empty', '[" "]', 'a line of text, at most 300 characters'],
    ['none', '[]', 'a list of lines'],
    ['a text', 'one', 'a list of lines'],
    ['too many', `[${'a, '.repeat(10)}a]`, 'a list of at most 10 lines'],
  ])('are a problem where they are %s', (_, notes, expected) => {
    const { value, problems } = withNotes(notes)
    expect(value).toBeUndefined()
    expect(problems.map(({ message }) => message).join()).toContain(`expected ${expected}`)
  })
})
