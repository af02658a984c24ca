import type { VariantSummary, Verdict } from '../../judge/verdict.ts'
import { docsLink } from './docs-link.ts'
import type { Explained } from './explained.ts'
import { carriedRemarks } from './reach-section.ts'
import { emptySection, type Section } from './report-model.ts'
import { code, join, say, text, variantCode, type Words } from './span.ts'

/** Characters of a commit or digest that tell it from others. */
const enough = 12

/** Whose configuration counted, and who said so when. */
export function checkedWords(verdict: Verdict): Words {
  const { tool, date } = verdict
  const on = date === undefined ? '' : ` on ${date}`
  return join(
    [configurationSentence(verdict), say`Checked by kabi-gate ${{ text: tool.version, max: 40 }}${on}.`],
    ' ',
  )
}

/** Whose configuration, whitelists and waivers counted, as a sentence; empty where there was none. */
function configurationSentence({ configuration }: Verdict): Words {
  if (!configuration) return []
  if (configuration.kind === 'work-tree')
    return [
      'Configuration, whitelists and waivers are those of the tree itself: no commit was named that counts instead.',
    ]
  const { name, commit, branch } = configuration
  const known = name === commit ? '' : say` (${text(name)})`
  const target = branch === undefined ? '' : say`, for ${text(branch)}`
  return say`Configuration, whitelists and waivers are those of commit ${text(commit.slice(0, 12))}${known}${target}.`
}

/** What was looked at: the tree, the kernel, what it was built with, and the list that it was held against. */
export function aboutSection({ variants }: Verdict): readonly Section[] {
  const checked = variants.filter(({ result }) => result !== 'no-promise')
  if (checked.length === 0) return []
  return [
    {
      ...emptySection('about', ['What was checked']),
      folded: true,
      blocks: [
        {
          kind: 'table',
          list: 'about',
          caption: 'What was checked',
          noun: 'variant',
          columns: ['Variant', 'Commit', 'Kernel', 'Compiler', 'Whitelist', 'SHA-256'].map((head) => ({
            head,
          })),
          rows: checked.map(rowOf),
          figures: true,
        },
      ],
      remarks: carriedRemarks(checked),
    },
  ]
}

function rowOf({ name, tree, kernel, how, whitelist, whitelistDigest }: VariantSummary): readonly Words[] {
  return [
    [variantCode(name)],
    tree ? [code(treeName(tree))] : [],
    kernel === undefined ? [] : [text(kernel)],
    how?.compiler === undefined ? [] : [text(how.compiler)],
    whitelist === undefined ? [] : [code(endOf(whitelist))],
    whitelistDigest === undefined ? [] : [code(whitelistDigest.slice(0, enough))],
  ]
}

/** The end of a path, which is the same on every machine: reports that say the same are the same. */
function endOf(path: string): string {
  return path.split('/').slice(-3).join('/')
}

function treeName(tree: NonNullable<VariantSummary['tree']>): string {
  return 'commit' in tree ? tree.commit.slice(0, enough) : `files ${tree.digest.slice(0, enough)}`
}

/** The lines to copy for whoever wants the same result on a machine of their own; none for a pass. */
export function againSection(verdict: Verdict, why: Explained | undefined): readonly Section[] {
  const { result, variants, configuration, findings, docs, origins } = verdict
  // Two files have no configuration; their command is the one that was typed.
  if (result === 'pass' || !configuration) return []
  const broken = variants.find((variant) => variant.result === 'break' || variant.result === 'error')
  const commits = variants.flatMap(({ tree }) => (tree && 'commit' in tree ? [tree.commit] : []))
  const [commit] = new Set(commits)
  const base = configuration.kind === 'commit' ? ` --base ${configuration.commit}` : ''
  const held = origins ? ` --blame ${quoted(origins.base)}` : ''
  const [first] = why?.causes ?? []
  const lines = [
    ...(commit === undefined ? [] : [`git checkout ${commit}`]),
    `kabi-gate check${broken ? ` --variant ${quoted(broken.name)}` : ''}${base}${held}`,
    ...(first && findings.length > 0
      ? [`kabi-gate explain --try ${first.title.split(' ').map(quoted).join(' ')}`]
      : []),
  ]
  return [
    {
      ...emptySection('again', ['The same on your machine']),
      folded: true,
      blocks: [{ kind: 'commands', lines }],
      remarks: [
        { label: 'Tool', words: say`how to get kabi-gate: ${docsLink(docs, 'setup.md')}.` },
        ...(first
          ? [{ label: 'Tip', words: ['explain --try tells whether an edit restored the checksums.'] }]
          : []),
      ],
    },
  ]
}

/** A word as a shell takes it for one word and nothing else. */
function quoted(word: string): string {
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
