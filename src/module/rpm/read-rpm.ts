import type { Read } from '../../problem/problem.ts'
import { nodeUnpacking } from '../archive/node-unpacking.ts'
import { unpackRpm, type ReadRpm } from './unpack-rpm.ts'

/**
 * Reads an RPM package as `unpackRpm` does, with what Node has.
 * @param maxBytes as there
 */
export function readRpm(
  bytes: Uint8Array,
  file: string,
  maxBytes?: number,
): Promise<Read<ReadRpm | undefined>> {
  return unpackRpm(bytes, file, nodeUnpacking, maxBytes)
}
