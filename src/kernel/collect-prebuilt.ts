import type { Collected } from '../abi/evidence.ts'
import { isError } from '../problem/problem.ts'
import type { VariantPlan } from '../config/plan.ts'
import { readSymvers } from '../baseline/read-whitelist.ts'
import type { CollectOptions } from './collect.ts'

/** Strategy `prebuilt`: reads the Module.symvers that someone else's build made. Its types are read when there is something to explain. */
export async function collectPrebuilt(variant: VariantPlan, options: CollectOptions): Promise<Collected> {
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
  const seconds = (performance.now() - started) / 1000
  return {
    kind: 'evidence',
    variant: name,
    symvers,
    how: { strategy: 'prebuilt', seconds },
    ...(types === undefined ? {} : { types: { kind: 'path', path: types } }),
    notes: problems,
  }
}
