import type { EditFinding } from '../judge/finding.ts'
import { editChange, editPlace, editTexts } from './edit-texts.ts'
import { htmlText } from './escape.ts'
import { findingTexts } from './finding-texts.ts'
import { htmlTable } from './html-table.ts'
import { counted } from './words.ts'

const code = (text: string) => `<code>${htmlText(text)}</code>`
const plain = (text: string) => htmlText(text)

const mostEdits = 500

/** What the patch changes in the gate. */
export function editsHtml(all: readonly EditFinding[]): string {
  const edits = all.filter(({ severity }) => severity !== 'ignore')
  if (edits.length === 0) return ''
  const { title, explanation, advice, counted: words } = findingTexts['whitelist-edit']
  const fails = edits.some(({ severity }) => severity === 'fail')
  const left = edits.length - mostEdits
  return `<section aria-labelledby="edits"><h2 id="edits"><span class="badge ${fails ? 'fail' : 'warn'}">${fails ? 'break' : 'warning'}</span> ${title}: ${counted(edits.length, words.noun)}</h2>
<p>${plain(explanation)}</p><p><b>What to do:</b> ${plain(advice)}</p>
${htmlTable(
  'Edits of the gate',
  ['Place', 'What', 'About', 'Change', 'Variant', 'What it means'],
  edits.slice(0, mostEdits).map(({ edit }) => ({
    cells: [
      code(editPlace(edit)),
      editTexts[edit.kind].title,
      code(edit.subject),
      plain(editChange(edit, '→')),
      plain(edit.variant ?? ''),
      editTexts[edit.kind].meaning,
    ],
  })),
)}${left > 0 ? `<p>… and ${left} more.</p>` : ''}</section>`
}
