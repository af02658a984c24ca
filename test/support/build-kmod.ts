import { join } from 'node:path'
import { rpmbuild } from './packaging.ts'
import { writeFiles } from './write-files.ts'

/** A package of one driver for x86_64. */
export interface Kmod {
  /** Of the driver; the package is `kmod-NAME-1.0-1`. */
  readonly name: string
  readonly module: Uint8Array
  /** The kernel that the module lies with. */
  readonly release: string
  readonly requires: readonly string[]
  readonly provides: readonly string[]
}

/**
 * Builds a package with rpmbuild in a folder of `rpmFolder`, and gives its path.
 * @throws what rpmbuild printed
 */
export function buildKmod(top: string, { name, module, release, requires, provides }: Kmod): string {
  const folder = `/lib/modules/${release}/extra`
  const spec = `Name: kmod-${name}
Version: 1.0
Release: 1
Summary: A driver for tests
License: GPL-2.0-only
Source0: ${name}.ko
${requires.map((one) => `Requires: ${one}\n`).join('')}${provides.map((one) => `Provides: ${one}\n`).join('')}AutoReqProv: no
%global debug_package %{nil}
%description
Drives ${name}.
%install
mkdir -p %{buildroot}${folder}
cp %{SOURCE0} %{buildroot}${folder}/
%files
${folder}/${name}.ko
`
  writeFiles(join(top, 'SOURCES'), { [`${name}.ko`]: module, [`kmod-${name}.spec`]: spec })
  const { code, output } = rpmbuild(top, `kmod-${name}.spec`, ['-bb', '--define', '__os_install_post %{nil}'])
  if (code !== 0) throw new Error(output)
  return join(top, 'RPMS/x86_64', `kmod-${name}-1.0-1.x86_64.rpm`)
}
