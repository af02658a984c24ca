import { stat } from 'node:fs/promises'

/** True when a path leads to something. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
