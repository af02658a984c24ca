import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** All that tests, and the programs they start, leave in temporary and cache folders lies in one place, which goes with them. */
export function setup(): () => void {
  // It is called for each project of the tests.
  if (process.env['KABI_TESTS_PLACE'] !== undefined) return () => undefined
  const place = mkdtempSync(join(tmpdir(), 'k-'))
  process.env['KABI_TESTS_PLACE'] = place
  process.env['TMPDIR'] = place
  process.env['XDG_CACHE_HOME'] = join(place, 'cache')
  return () => rmSync(place, { recursive: true, force: true })
}
