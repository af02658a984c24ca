import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Session } from '../../src/processes/run-command.ts'
import { writeProgram } from '../kernel-unit/fake-kernel.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { writeFiles } from '../support/workspace.ts'

/** Versions of linux-source-6.1, and of the headers by their package. */
export interface Archive {
  readonly sources: readonly string[]
  readonly headers: Readonly<Record<string, string>>
}

export const twoKernels: Archive = {
  sources: ['6.1.99-1', '6.1.176-1', '6.1.170-3'],
  headers: {
    'linux-headers-6.1.0-50-amd64': '6.1.176-1',
    'linux-headers-6.1.0-47-amd64': '6.1.170-3',
    'linux-headers-6.1.0-50-cloud-amd64': '6.1.99-1',
    'linux-headers-6.1.0-50-common': '6.1.99-1',
  },
}

/** What the fake packages hold. */
export const content = (name: string, version: string): string => `${name} ${version}`

const programs = 'make flex bison bc awk cmp find gcc ld ar nm objcopy perl pahole xz'.split(' ')

/**
 * Programs that pass for apt, dpkg-deb and tar, and an archive. A package is a file that says what it is; `unpacked`
 * holds what dpkg-deb makes of it. What a program was asked for is in `calls`.
 */
export function fakeArchive({ sources, headers }: Archive = twoKernels) {
  const folder = temporaryFolder()
  const bin = join(folder, 'bin')
  const files = join(folder, 'archive')
  mkdirSync(files)
  const packages = [
    ...sources.map((version) => ['linux-source-6.1', version, 'all'] as const),
    ...Object.entries(headers).map(([name, version]) => [name, version, 'amd64'] as const),
  ]
  for (const [name, version, arch] of packages) {
    const text = content(name, version)
    const file = `${name}_${version}_${arch}.deb`
    const digest = createHash('sha256').update(text).digest('hex')
    writeFiles(files, {
      [file]: text,
      [`${name}=${version}`]: file,
      [`${name}=${version}.uri`]: `'http://archive/${file}' ${file} ${text.length} SHA256:${digest}\n`,
      [`${name}.madison/${version}`]: `${name} |  ${version} | http://archive bookworm/main amd64 Packages\n`,
      [`names/${name}`]: `${name}\n`,
    })
  }
  writeProgram(
    join(bin, 'apt-cache'),
    `cd '${files}'
command=$1; shift
case $command in
  pkgnames) cat names/"$1"* 2>/dev/null ;;
  madison) for name; do cat "$name".madison/* 2>/dev/null; done ;;
esac
exit 0
`,
  )
  writeProgram(
    join(bin, 'apt-get'),
    `echo "$*" >>'${folder}/calls'
test -e '${folder}/offline' && case $1 in -qq) echo 'E: Failed to fetch http://archive' >&2; exit 100 ;; esac
for last; do :; done
case "$*" in
  *--print-uris*) cat '${files}'/"$last".uri ;;
  *) cp '${files}'/"$(cat '${files}'/"$last")" . ;;
esac
`,
  )
  writeProgram(
    join(bin, 'dpkg-deb'),
    `set -- $(cat "$2") "$3"
mkdir -p "$3/usr/src/$1"
echo "CONFIG_OF=$2" >"$3/usr/src/$1/.config"
echo "$2" >"$3/usr/src/linux-source-6.1.tar.xz"
`,
  )
  writeProgram(
    join(bin, 'tar'),
    `. '${folder}/scenario'
while [ $# -gt 1 ]; do [ "$1" = -C ] && to=$2; shift; done
cp "$1" "$to/Makefile"
`,
  )
  for (const name of programs) writeProgram(join(bin, name), '')
  writeFiles(folder, {
    scenario: '',
    calls: '',
    'whitelists/debian-12/amd64/kabi_whitelist': '0x1\tkmalloc\tvmlinux\tEXPORT_SYMBOL\t\n',
  })
  const controller = new AbortController()
  const session: Session = { env: { PATH: `${bin}:/usr/bin:/bin` }, signal: controller.signal }
  return { folder, bin, files, session, controller, shipped: join(folder, 'whitelists') }
}
