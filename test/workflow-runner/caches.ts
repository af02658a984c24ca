import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { StandIn, StandInCall } from './stand-in.ts'

/** A folder that was kept under a key, for runs of one ref and of those that are based on it. */
export interface Cache {
  readonly key: string
  readonly ref: string
  readonly path: string
  readonly run: number
  /** Runs that took it. */
  readonly restoredBy: number[]
  readonly folder: string
}

/** actions/cache/save v6 with one folder. What is there under the key stays. */
export const saveCache: StandIn = {
  inputs: { path: '', key: '', enableCrossOsArchive: 'false', 'upload-chunk-size': '' },
  run({ inputs, machine, hub, run, warn }) {
    const { path, key } = required(inputs)
    const source = resolve(machine.workspace, path)
    if (!existsSync(source)) {
      warn(`Path Validation Error: Path(s) specified in the action for caching do(es) not exist`)
      return {}
    }
    if (hub.caches.some((one) => one.key === key && one.ref === run.trigger.ref)) {
      warn(`Unable to reserve cache with key ${key}, another job may be creating this cache.`)
      return {}
    }
    const folder = join(hub.folder, `cache-${hub.caches.length}`)
    cpSync(source, folder, { recursive: true })
    hub.caches.push({ key, ref: run.trigger.ref, path, run: run.id, restoredBy: [], folder })
    return {}
  },
}

/** actions/cache/restore v6: that of the key, else the newest whose key begins as one of `restore-keys`. */
export const restoreCache: StandIn = {
  inputs: {
    ...{ path: '', key: '', 'restore-keys': '', 'fail-on-cache-miss': 'false', 'lookup-only': 'false' },
    enableCrossOsArchive: 'false',
  },
  run(call) {
    const { inputs, machine, hub } = call
    const { path, key } = required(inputs)
    const others = (inputs['restore-keys'] ?? '').split('\n').map((line) => line.trim())
    const within = hub.caches.filter((one) => refsOf(call).includes(one.ref))
    for (const wanted of [key, ...others.filter(Boolean)]) {
      const found = within
        .filter((one) => (wanted === key ? one.key === key : one.key.startsWith(wanted)))
        .at(-1)
      if (!found) continue
      found.restoredBy.push(call.run.id)
      const target = resolve(machine.workspace, path)
      rmSync(target, { recursive: true, force: true })
      mkdirSync(dirname(target), { recursive: true })
      cpSync(found.folder, target, { recursive: true })
      return {
        'cache-hit': String(found.key === key),
        'cache-primary-key': key,
        'cache-matched-key': found.key,
      }
    }
    return { 'cache-hit': '', 'cache-primary-key': key, 'cache-matched-key': '' }
  },
}

function required(inputs: Readonly<Record<string, string>>): { readonly path: string; readonly key: string } {
  const { path = '', key = '' } = inputs
  for (const [name, value] of Object.entries({ path, key }))
    if (value === '') throw new Error(`Input required and not supplied: ${name}`)
  if (path.includes('\n')) throw new Error('the stand-in of cache knows one folder')
  return { path, key }
}

/** A run sees what was kept for its own ref, for the branch that it is to be merged into, and for the default branch. */
function refsOf({ run }: StandInCall): readonly string[] {
  const { ref, baseRef } = run.trigger
  return [ref, ...(baseRef === undefined ? [] : [`refs/heads/${baseRef}`]), 'refs/heads/main']
}
