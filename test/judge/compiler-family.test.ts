import { expect, it } from 'vitest'
import { compilerFamily } from '../../src/judge/compiler-family.ts'

it.each<[string, string]>([
  ['gcc (GCC) 11.4.1 20231218 (Red Hat 11.4.1-3)', 'gcc'],
  ['gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0', 'gcc'],
  ['gcc-11.2 (GCC) 11.2.0', 'gcc'],
  ['cc (Debian 12.2.0-14+deb12u1) 12.2.0', 'gcc'],
  ['aarch64-linux-gnu-gcc-12 (Debian 12.2.0-14) 12.2.0', 'gcc'],
  ['x86_64-redhat-linux-gcc (GCC) 8.5.0', 'gcc'],
  ['/opt/cross/bin/s390x-linux-gnu-gcc (SUSE Linux) 13.2.1', 'gcc'],
  ['clang version 15.0.6', 'clang'],
  ['Debian clang version 14.0.6', 'clang'],
  ['Android (11368308, +pgo, -bolt) clang version 18.0.1', 'clang'],
  ['clang-15 version 15.0.7', 'clang'],
  ['icc (ICC) 2021.6.0 20220226', 'icc'],
  ['tcc version 0.9.27', 'tcc'],
  ['  ', ''],
])('%s is %s', (version, family) => {
  expect(compilerFamily(version)).toBe(family)
})
