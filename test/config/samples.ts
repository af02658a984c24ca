/** Configurations that are valid, by what they show. */
export const validConfigs: Readonly<Record<string, string>> = {
  'the smallest': `version: 1
variants:
  x86_64: { arch: x86_64 }
`,
  'a preset alone': `version: 1
preset: rhel5
`,
  'every key': `# yes, every one
version: 1
preset: rhel5
whitelists: kabi/lists
defaults:
  config:
    fragments: [common.config]
    set: { MODVERSIONS: y }
  cross-compile: tools/x86-
  compiler: ccache gcc-12
  llvm: true
  make-args: [KCFLAGS=-g0, --silent]
  strategy: full
variants:
  x86_64:
    arch: x86_64
    config: configs/x86_64.config
    whitelist: kabi/x86_64
  i686PAE:
    config:
      file: configs/pae.config
      fragments: [pae.config]
      set:
        CONFIG_NR_CPUS: 64
        PHYSICAL_START: 0x100000
        LOCALVERSION: "-pae"
        DEBUG_INFO: n
    llvm: "-15"
    whitelist: { names: kabi/names, checksums: kabi/Module.kabi_pae }
  aarch64-64k:
    arch: arm64
    config: { defconfig: defconfig }
    cross-compile: aarch64-linux-gnu-
    llvm: /usr/lib/llvm-15/bin/
  tiny:
    arch: x86_64
    config: { targets: [tinyconfig, kvm_guest.config] }
    llvm: -16
  built:
    arch: x86_64
    strategy: prebuilt
    symvers: build/Module.symvers.xz
  _preview:
    arch: x86_64
    promise: none
    reason: technology preview
policy:
  preset: suse
  kinds:
    removed: fail
    changed: fail
    unversioned: fail
    export-type: warn
    namespace: ignore
    moved: warn
    added: ignore
  classes:
    became-defined: warn
    spelling: ignore
  comparability: warn
  pre-existing: warn
  rules:
    - { symbol: kvm_*, action: pass, reason: not promised }
    - { module: drivers/staging/*, action: warn }
    - { namespace: CRYPTO_INTERNAL, action: fail }
  severities: kabi/severities
`,
  'a policy by name': `version: 1
variants: { a: { arch: s390, symvers: a } }
policy: uek
`,
  'anchors and aliases': `version: 1
variants:
  a: &a
    arch: &arch x86_64
    config: &config { defconfig: x86_64_defconfig }
  b: *a
  c: { arch: *arch, config: *config }
`,
  'a reason on folded lines': `version: 1
variants:
  a:
    arch: x86_64
    promise: none
    reason: >
      technology preview, drivers must be
      rebuilt for each update
`,
  'a number as a name, JSON, and line ends of Windows':
    '{\r\n  "version": 1,\r\n  "variants": { 386: { "arch": "i386" } }\r\n}\r\n',
  'a byte order mark': '\ufeffversion: 1\nvariants: { a: { arch: arm } }\n',
}
