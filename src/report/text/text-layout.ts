import { createColors } from 'picocolors'

/** How terminal text is painted and how wide its prose may be. */
export interface Layout {
  readonly paint: ReturnType<typeof createColors>
  /** Columns. Tables may be wider: a value is never cut. */
  readonly width: number
}

export type Paint = (text: string) => string

/** Prose without colour. */
export const unpainted: { readonly label: Paint; readonly text: Paint } = {
  label: (text) => text,
  text: (text) => text,
}

/** Prose below this width is harder to read than lines that the terminal breaks. */
const narrowest = 40

export function layoutOf({
  color,
  width = 100,
}: {
  readonly color: boolean
  readonly width?: number
}): Layout {
  return { paint: createColors(color), width: Math.max(width, narrowest) }
}

/**
 * Prose after a label, wrapped so that it stays right of the label; breaks at spaces only, and not before `::`, which a
 * runner takes for a command at the start of a line.
 */
export function hang(
  label: string,
  text: string,
  width: number,
  paint: { readonly label: Paint; readonly text: Paint },
): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const fits = label.length + line.length + 1 + word.length <= width
    if (line !== '' && !fits && !word.startsWith('::')) {
      lines.push(line)
      line = word
    } else line += (line === '' ? '' : ' ') + word
  }
  lines.push(line)
  const indent = ' '.repeat(label.length)
  return lines.map((part, index) => (index === 0 ? paint.label(label) : indent) + paint.text(part))
}

/** A remark below a heading, in the form of rustc's: `  = help: …`. */
export function labelled(label: string, text: string, { paint, width }: Layout): string[] {
  return hang(`  = ${label}: `, text, width, { ...unpainted, label: paint.blue })
}

/** Blocks of lines with an empty line between them, and a newline at the end; empty ones are left out. */
export function joinBlocks(blocks: readonly (readonly string[])[]): string {
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n') + '\n')
    .join('\n')
}
