import type { Block, Pictures, Section } from '../model/report-model.ts'

type PictureItem = Pictures['items'][number]

/** What of a page leads to one another. Pictures are numbered from 1, in the order in which they stand. */
export interface PageLinks {
  readonly numberOf: ReadonlyMap<PictureItem, number>
  /** The pictures of a definition, by its title. */
  readonly picturesOf: ReadonlyMap<string, readonly PictureItem[]>
  /** The number of the cause that a definition is, by its title. */
  readonly causeOf: ReadonlyMap<string, number>
}

/** Finds them in all sections of a page. */
export function pageLinks(sections: readonly Section[]): PageLinks {
  const blocks = blocksOf(sections)
  const pictures = blocks.flatMap((block) => (block.kind === 'pictures' ? block.items : []))
  const causes = blocks.flatMap((block) => (block.kind === 'causes' ? block.causes : []))
  const picturesOf = new Map<string, PictureItem[]>()
  for (const picture of pictures) {
    const same = picturesOf.get(picture.title)
    if (same) same.push(picture)
    else picturesOf.set(picture.title, [picture])
  }
  return {
    numberOf: new Map(pictures.map((picture, at) => [picture, at + 1])),
    picturesOf,
    causeOf: new Map(causes.map(({ title, number }) => [title, number])),
  }
}

function blocksOf(sections: readonly Section[]): readonly Block[] {
  return sections.flatMap(({ blocks, parts }) => [...blocks, ...blocksOf(parts)])
}
