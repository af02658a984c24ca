import { describe, expect, it, test } from 'vitest'
import { addMentionedOptions, relevantOptions } from '../../src/abi/mentioned-options.ts'

describe('addMentionedOptions', () => {
  it.each<[string, string, string[]]>([
    ['#ifdef', '#ifdef CONFIG_SMP\n', ['CONFIG_SMP']],
    [
      'an argument of a macro',
      '#if IS_ENABLED(CONFIG_KVM) && !IS_BUILTIN( CONFIG_NET )',
      ['CONFIG_KVM', 'CONFIG_NET'],
    ],
    ['a number', 'unsigned long bits[CONFIG_NR_CPUS/8];', ['CONFIG_NR_CPUS']],
    ['lower case', 'CONFIG_ARM64_4K_PAGES CONFIG_X86_x2apic', ['CONFIG_ARM64_4K_PAGES', 'CONFIG_X86_x2apic']],
    ['a module, as it is written', '#if defined(CONFIG_FOO_MODULE)', ['CONFIG_FOO_MODULE']],
    ['no part of another word', '#define PCI_CONFIG_SIZE XCONFIG_A', []],
    ['no prefix alone', '#define opt(x) CONFIG_##x', []],
    ['no comment', '/* CONFIG_A " */ x // CONFIG_B\n CONFIG_C', ['CONFIG_C']],
    ['no comment of several lines', '/*\n * #define CONFIG_BOOGER 1\n */\nCONFIG_C', ['CONFIG_C']],
    ['no text in quotes', '#error "CONFIG_A \\" CONFIG_B" CONFIG_C', ['CONFIG_C']],
    ['what follows a slash and a star in quotes', '"/*" CONFIG_A "*/"', ['CONFIG_A']],
    ['what follows a quote as a character', `'"' CONFIG_A '"' '\\'' CONFIG_B`, ['CONFIG_A', 'CONFIG_B']],
    ['what follows an apostrophe', "#error don't\nCONFIG_A", ['CONFIG_A']],
    ['what follows a quote that its line does not close', '#error 19"\nCONFIG_A "', ['CONFIG_A']],
  ])('%s', (_, text, options) => {
    const found = new Set<string>()
    addMentionedOptions(text, found)
    expect([...found]).toEqual(options)
  })
})

describe('relevantOptions', () => {
  const options = new Map([
    ['CONFIG_SMP', 'y'],
    ['CONFIG_IPV6', 'm'],
    ['CONFIG_SIG_MODULE', 'y'],
    ['CONFIG_UNMENTIONED', 'y'],
    ['CONFIG_GCC_PLUGIN_RANDSTRUCT', 'y'],
    ['CONFIG_CC_OPTIMIZE_FOR_SIZE', 'n'],
    ['CONFIG_GCC_VERSION', '120200'],
    ['CONFIG_CC_VERSION_TEXT', '"gcc"'],
    ['CONFIG_CC_HAS_ASM_GOTO_OUTPUT', 'y'],
    ['CONFIG_AS_TPAUSE', 'y'],
    ['CONFIG_BUILD_SALT', '"6.1.0-47-amd64"'],
    ['CONFIG_NR_CPUS', '64'],
  ])

  test.each<[string, string, [string, string][]]>([
    ['an option has its value', 'CONFIG_SMP', [['CONFIG_SMP', 'y']]],
    ['one that is not in the configuration is n', 'CONFIG_PCI', [['CONFIG_PCI', 'n']]],
    ['the macro of a module means its option', 'CONFIG_IPV6_MODULE', [['CONFIG_IPV6', 'm']]],
    ['an option may end in _MODULE', 'CONFIG_SIG_MODULE', [['CONFIG_SIG_MODULE', 'y']]],
    ['a plugin changes types', 'CONFIG_GCC_PLUGIN_RANDSTRUCT', [['CONFIG_GCC_PLUGIN_RANDSTRUCT', 'y']]],
    ['so may a way to compile', 'CONFIG_CC_OPTIMIZE_FOR_SIZE', [['CONFIG_CC_OPTIMIZE_FOR_SIZE', 'n']]],
    ['so does a number', 'CONFIG_NR_CPUS', [['CONFIG_NR_CPUS', '64']]],
    ['a text does not', 'CONFIG_BUILD_SALT', []],
    ['the version of the compiler does not', 'CONFIG_GCC_VERSION', []],
    ['nor its name', 'CONFIG_CC_VERSION_TEXT', []],
    ['nor what it can do', 'CONFIG_CC_HAS_ASM_GOTO_OUTPUT', []],
    ['nor what the assembler can do', 'CONFIG_AS_TPAUSE', []],
  ])('%s', (_, word, relevant) => {
    expect([...relevantOptions(new Set([word]), options)]).toEqual(relevant)
  })
})
