/** What the Rock Ridge fields of a directory record say; undefined where they say nothing. */
export interface RockRidge {
  readonly name: string | undefined
  /** No file of its own: a symbolic link, or a directory that is listed in another place. */
  readonly elsewhere: boolean
  /** Block of the directory that a record stands for whose directory was too deep for ISO 9660. */
  readonly child: number | undefined
  /** Where the fields go on. */
  readonly next: { readonly block: number; readonly offset: number; readonly length: number } | undefined
}

const nothing: RockRidge = { name: undefined, elsewhere: false, child: undefined, next: undefined }

/**
 * Reads the fields of a system use area. What is not understood is passed over; a field that does not fit ends them.
 * Sources of the format: System Use Sharing Protocol (IEEE P1281), Rock Ridge Interchange Protocol (IEEE P1282).
 * @param before what an earlier area of the same record said
 */
export function readRockRidge(area: Uint8Array, before: RockRidge = nothing): RockRidge {
  const view = new DataView(area.buffer, area.byteOffset, area.byteLength)
  let { name, elsewhere, child } = before
  let next: RockRidge['next']
  for (let at = 0; at + 4 <= area.length;) {
    const signature = String.fromCharCode(area[at] ?? 0, area[at + 1] ?? 0)
    const length = area[at + 2] ?? 0
    if (length < 4 || at + length > area.length || signature === 'ST') break
    // The flags of the names of the directory itself and of its parent are 2 and 4.
    if (signature === 'NM' && length > 5 && ((area[at + 4] ?? 0) & 6) === 0) {
      name = (name ?? '') + new TextDecoder('latin1').decode(area.subarray(at + 5, at + length))
    } else if (signature === 'SL' || signature === 'RE') elsewhere = true
    else if (signature === 'CL' && length >= 12) child = view.getUint32(at + 4, true)
    else if (signature === 'CE' && length >= 28) {
      next = {
        block: view.getUint32(at + 4, true),
        offset: view.getUint32(at + 12, true),
        length: view.getUint32(at + 20, true),
      }
    }
    at += length
  }
  return { name, elsewhere, child, next }
}
