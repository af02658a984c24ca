import { expect, test } from 'vitest'
import { variantOf } from '../../../src/vendor/page/variant-of.ts'

const variant = (name: string, arch: string) => ({ name, arch, kernel: '', whitelist: '' })
const debian = [
  variant('686', 'i386'),
  variant('686-pae', 'i386'),
  variant('amd64', 'x86_64'),
  variant('cloud-amd64', 'x86_64'),
  variant('armmp', 'arm'),
  variant('powerpc64le', 'powerpc'),
  variant('s390x', 's390'),
]
const rhel = [
  variant('x86_64', 'x86_64'),
  variant('aarch64', 'arm64'),
  variant('aarch64-64k', 'arm64'),
  variant('s390x', 's390'),
]

test.each<[string, string, typeof debian, string | undefined]>([
  ['x86_64', '6.1.0-47-amd64', debian, 'amd64'],
  ['x86_64', '6.1.0-47-cloud-amd64', debian, 'cloud-amd64'],
  ['x86_64', '6.1.0-47-rt-amd64', debian, undefined],
  ['i686', '6.1.0-47-686', debian, '686'],
  ['i686', '6.1.0-47-686-pae', debian, '686-pae'],
  ['i686', '6.1.0-47-686-pae', [variant('686-pae', 'x86')], '686-pae'],
  ['armv7hl', '6.1.0-47-armmp', debian, 'armmp'],
  ['ppc64le', '6.1.0-47-powerpc64le', debian, 'powerpc64le'],
  ['s390x', '6.1.0-47-s390x', debian, 's390x'],
  ['x86_64', '5.14.0-427.el9.x86_64', rhel, 'x86_64'],
  ['x86_64', '5.14.0-427.el9.x86_64+rt', rhel, undefined],
  ['aarch64', '5.14.0-427.el9.aarch64', rhel, 'aarch64'],
  ['aarch64', '5.14.0-427.el9.aarch64+64k', rhel, 'aarch64-64k'],
  ['aarch64', '5.14.0-427.el9.aarch64+64k', [variant('64k', 'arm64'), ...rhel], 'aarch64-64k'],
  ['s390x', '6.6.1', rhel, 's390x'],
  ['aarch64', '6.6.1', rhel, undefined],
  ['x86_64', '6.6.1-lts', rhel, undefined],
  ['riscv64', '6.1.0-47-amd64', debian, undefined],
  ['machine 9', '6.1.0-47-amd64', debian, undefined],
  ['x86_64', '', rhel, undefined],
  ['x86_64', '5.14.0-1-default', [variant('default', '')], 'default'],
  ['x86_64', '5.14.0', [variant('default', '')], undefined],
])('a module for %s built for "%s" is of the right variant, or of none', (arch, release, variants, name) => {
  const vermagic = `${release} SMP mod_unload modversions `
  const info = { license: 'GPL', vermagic, namespaces: [] }
  expect(variantOf({ arch, info }, variants)?.name).toBe(name)
  expect(variantOf({ arch, info }, variants.toReversed())?.name).toBe(name)
})
