import type { SentFile } from '../abi/evidence.ts'
import type { Read } from '../problem/problem.ts'
import { decoded } from './decoded.ts'
import { parseDependencies, type Dependencies } from './dependencies.ts'
import { unpack } from './gzipped.ts'
import { limits } from './limits.ts'
import { badFile } from '../io/read-plain-file.ts'

/** Unpacks what the objects of evidence read. The value is undefined, with `bad-evidence`, when it is not accepted. */
export async function openDependencies({ file, bytes }: SentFile): Promise<Read<Dependencies | undefined>> {
  const refused = (what: string) => ({ value: undefined, problems: [badFile(file, what)] })
  const unpacked = await unpack(bytes, limits.dependencies.unpacked)
  if (unpacked.kind !== 'bytes') return refused(unpacked.reason)
  const value = parseDependencies(decoded(unpacked.bytes) ?? '')
  return value ? { value, problems: [] } : refused('does not list the files of objects as the format has it')
}
