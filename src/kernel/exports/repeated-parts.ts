/** What is known of texts that hold the same parts again, as what a preprocessor writes holds the same headers. */
interface RepeatedParts {
  /**
   * To be called at a line marker behind which a text can be read as if it began there.
   * @param lineEnd the end of the marker's line
   * @returns where to go on reading: at a later marker, if a part was read before, in which case what is notable in it has been
   *   found; otherwise the end of the line
   */
  readonly behind: (at: number, lineEnd: number) => number
}

/** A part of a text, from one marker to another. */
interface Part<Note> {
  readonly bytes: Buffer
  /** Their places count from the beginning of the part. */
  readonly notes: readonly Note[]
}

/** Bytes that a memory keeps before it forgets all. */
const mostBytes = 64 << 20
/** Parts that begin with the same marker, such as those of a header that a configuration macro changes. */
const mostAlike = 4

/** Remembers what is notable in the parts of texts, so that each is read once. */
export class PartMemory<Note extends { readonly at: number }> {
  readonly #parts = new Map<string, readonly Part<Note>[]>()
  #bytes = 0

  /** @param found grows by what is notable in the text: by the reader, and by what is remembered */
  of(text: Buffer, found: Note[]): RepeatedParts {
    let begun: { readonly at: number; readonly name: string; readonly from: number } | undefined
    return {
      behind: (at, lineEnd) => {
        if (begun)
          this.#keep(begun.name, text.subarray(begun.at, at), moved(found.slice(begun.from), -begun.at))
        begun = undefined
        const name = text.toString('latin1', at, lineEnd)
        const known = this.#parts.get(name)?.find(({ bytes }) => standsAt(text, at, bytes))
        if (known) {
          found.push(...moved(known.notes, at))
          return at + known.bytes.length
        }
        begun = { at, name, from: found.length }
        return lineEnd
      },
    }
  }

  #keep(name: string, bytes: Buffer, notes: readonly Note[]): void {
    if (this.#bytes + bytes.length > mostBytes) {
      this.#parts.clear()
      this.#bytes = 0
    }
    // A copy, as the text itself must not stay in memory.
    const part = { bytes: Buffer.from(bytes), notes }
    this.#parts.set(name, [part, ...(this.#parts.get(name) ?? [])].slice(0, mostAlike))
    this.#bytes += bytes.length
  }
}

function standsAt(text: Buffer, at: number, bytes: Buffer): boolean {
  const end = at + bytes.length
  return end <= text.length && text.compare(bytes, 0, bytes.length, at, end) === 0
}

function moved<Note extends { readonly at: number }>(notes: readonly Note[], by: number): readonly Note[] {
  return notes.map((note) => ({ ...note, at: note.at + by }))
}
