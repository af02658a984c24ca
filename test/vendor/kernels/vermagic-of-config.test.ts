import { expect, it } from 'vitest'
import { vermagicOfConfig } from '../../../src/vendor/kernels/vermagic-of-config.ts'

const config = (...options: readonly string[]) =>
  ['MODULES', ...options].map((option) => `CONFIG_${option}=y\n`).join('') +
  '# CONFIG_RANDSTRUCT_FULL is not set\n'

it.each<[string, string | undefined, string]>([
  [
    'Debian 12, amd64',
    '6.1 SMP preempt mod_unload modversions',
    config(
      'X86_64',
      'SMP',
      'PREEMPT_BUILD',
      'PREEMPT_VOLUNTARY',
      'MODULE_UNLOAD',
      'MODVERSIONS',
      'RANDSTRUCT_NONE',
    ),
  ],
  [
    'Debian 12, s390x',
    '6.1 SMP mod_unload modversions',
    config('S390', 'SMP', 'PREEMPT_VOLUNTARY_BUILD', 'MODULE_UNLOAD', 'MODVERSIONS'),
  ],
  ['arm64', '6.1 SMP mod_unload modversions aarch64', config('ARM64', 'SMP', 'MODULE_UNLOAD', 'MODVERSIONS')],
  ['real time', '6.1 SMP preempt_rt', config('X86_64', 'SMP', 'PREEMPT_RT')],
  ['Linux 5.10 with preemption', '6.1 preempt', config('X86_64', 'PREEMPT')],
  ['preemption of both kinds', undefined, config('X86_64', 'PREEMPT', 'PREEMPT_RT')],
  ['structures laid out at random', undefined, config('X86_64', 'RANDSTRUCT_FULL')],
  ['an architecture with flags of its own', undefined, config('ARM', 'SMP')],
  ['no configuration', undefined, 'CONFIG_X86_64=y\n'],
])('the configuration of a kernel tells the flags of its modules: %s', (_, expected, text) => {
  expect(vermagicOfConfig(text, '6.1')).toBe(expected)
})
