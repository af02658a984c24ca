import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../problem/problem.ts'
import { runCommand, type Session } from '../processes/run-command.ts'

/**
 * Unpacks the kernel tree of a linux-source package. The tree appears complete or not at all.
 * @param to the folder to make
 * @throws the system's error when it cannot be written
 */
export function unpackTree(deb: string, to: string, session: Session): Promise<Problem | undefined> {
  return unpack(deb, to, session, async (draft) => {
    const tree = join(draft, 'tree')
    await mkdir(tree)
    const archive = join(draft, 'usr/src/linux-source-6.1.tar.xz')
    const command = ['tar', '--no-same-owner', '--strip-components=1', '-C', tree, '-xf', archive] as const
    const { problems } = await runCommand(command, draft, session, 'unreadable')
    return problems[0] ?? tree
  })
}

/**
 * Takes the kernel configuration out of a linux-headers package.
 * @param to the file to make
 * @throws the system's error when it cannot be written
 */
export function unpackConfig(
  { deb, name }: { readonly deb: string; readonly name: string },
  to: string,
  session: Session,
): Promise<Problem | undefined> {
  return unpack(deb, to, session, (draft) => Promise.resolve(join(draft, 'usr/src', name, '.config')))
}

/** @param take says which part of the unpacked package is wanted, or why there is none */
async function unpack(
  deb: string,
  to: string,
  session: Session,
  take: (draft: string) => Promise<string | Problem>,
): Promise<Problem | undefined> {
  const draft = `${to}.unpacking`
  try {
    await rm(draft, { recursive: true, force: true })
    await mkdir(draft, { recursive: true })
    const { problems } = await runCommand(['dpkg-deb', '-x', deb, draft], '/', session, 'unreadable')
    if (problems[0]) return problems[0]
    const wanted = await take(draft)
    if (typeof wanted !== 'string') return wanted
    await rename(wanted, to)
    return undefined
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}
