import type { Collected } from '../abi/evidence.ts'
import { isError } from '../problem/problem.ts'
import type { VariantPlan } from '../config/plan.ts'
import { readSymvers } from '../baseline/read-whitelist.ts'
import type { CollectOptions, Sought } from './collect.ts'
import { besideSymvers } from './layouts/beside-symvers.ts'

/**
 * Strategy `prebuilt`: reads the Module.symvers that someone else's build made, and layouts from the vmlinux beside it. Its types are read
 * when there is something to explain.
 */
export async function collectPrebuilt(
  variant: VariantPlan,
  options: CollectOptions,
  { wanted, layouts }: Sought,
): Promise<Collected> {
  const started = performance.now()
  const { name, symvers: path, types } = variant
  if (path === undefined) {
    const message = 'strategy prebuilt needs the path of a Module.symvers'
    const advice = `Name it with --symvers ${name}=FILE, or as symvers in kabi.yml.`
    return { kind: 'failure', variant: name, problems: [{ kind: 'no-symvers', message, advice }] }
  }
  options.onProgress({ variant: name, phase: 'read', done: 0 })
  const { value: symvers, problems } = await readSymvers(path)
  if (problems.some(isError)) return { kind: 'failure', variant: name, problems }
  const made = { symvers, ...(types === undefined ? {} : { types: { kind: 'path', path: types } as const }) }
  const found = layouts ? await besideSymvers(made, wanted, layouts) : { notes: [] }
  const seconds = (performance.now() - started) / 1000
  return {
    kind: 'evidence',
    variant: name,
    ...made,
    how: { strategy: 'prebuilt', seconds },
    ...found,
    notes: [...problems, ...found.notes],
  }
}
