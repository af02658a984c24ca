import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Files, writeFiles } from '../support/write-files.ts'

export function writeProgram(path: string, script: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${script}`)
  chmodSync(path, 0o755)
}

/**
 * A make that knows O= and the targets, writes down how it was called, and does what the functions `base`,
 * `configure`, `prepare`, `dry` and `build` say; a test replaces these.
 */
const fakeMake = `
here=\${0%/*}
out= dry= targets=
for arg; do
  printf '%s\\n' "$arg" >>"$here/calls"
  case $arg in
    O=*) out=\${arg#O=} ;;
    -n) dry=yes ;;
    -*|*=*|/*) ;;
    *) targets="$targets $arg" ;;
  esac
done
echo '--' >>"$here/calls"
base() { printf 'CONFIG_MODULES=y\\nCONFIG_MODVERSIONS=y\\n' >"$out/.config"; }
configure() { :; }
prepare() { echo '  HOSTCC  scripts/basic/fixdep'; }
build() { echo '  CC      init/main.o'; printf '0x12345678\\tprintk\\tvmlinux\\tEXPORT_SYMBOL\\t\\n' >"$out/Module.symvers"; touch "$out/vmlinux"; }
dry() { :; }
. "$here/scenario"
case "$dry$targets" in
  yes*) dry ;;
  ' olddefconfig') configure ;;
  ' prepare modules_prepare') prepare ;;
  ' vmlinux modules') build ;;
  *config) base ;;
  *) echo "unknown targets:$targets" >&2; exit 2 ;;
esac
`

/** What the folder that passes for a kernel tree holds. */
export const fakeTree: Files = {
  Makefile: 'VERSION = 6\nPATCHLEVEL = 1\n',
  Kbuild: '',
  'scripts/Kbuild.include': '',
  'arch/x86/Makefile': '',
  'kernel/fork.c': 'int fork;\n',
  'include/linux/sched.h': '\n',
}

/** Writes a folder that passes for a kernel tree, and one with build tools that do as they are told. */
export function writeFakeKernel(folder: string): { readonly source: string; readonly bin: string } {
  const source = join(folder, 'linux')
  const bin = join(folder, 'bin')
  writeFiles(source, fakeTree)
  writeProgram(join(bin, 'make'), fakeMake)
  for (const tool of ['flex', 'bison', 'bc', 'ld', 'ar', 'nm', 'objcopy']) writeProgram(join(bin, tool), '')
  writeProgram(join(bin, 'gcc'), 'echo "gcc (Fake) 12.2.0"; echo "Copyright"')
  writeFileSync(join(bin, 'scenario'), '')
  return { source, bin }
}
