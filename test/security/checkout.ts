import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { checkoutOf, commitAll } from '../support/git.ts'
import { kabiYml, released, whitelist, writeFiles } from '../support/workspace.ts'

export const listFile = 'whitelists/x86_64/kabi_whitelist'

export interface Checkout {
  readonly folder: string
  /** The commit that the patch starts from. */
  readonly base: string
  /** The commit of the patch. */
  readonly patched: string
}

/**
 * A checkout whose newest commit is a patch on top of another.
 * @param patch files as the patch leaves them; undefined ones it takes away
 * @param symvers what the build leaves behind
 */
export function checkout(patch: Readonly<Record<string, string | undefined>>, symvers = released): Checkout {
  const { folder, commit: base } = checkoutOf({
    Makefile: 'VERSION = 6\n',
    '.gitignore': 'Module.symvers\n.runner\nevidence\n',
    'kabi.yml': kabiYml,
    [listFile]: whitelist,
  })
  writeFiles(folder, patch)
  const patched = commitAll(folder, 'patch')
  writeFileSync(join(folder, 'Module.symvers'), symvers)
  return { folder, base, patched }
}
