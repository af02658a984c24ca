import type { Verdict } from '../../judge/verdict.ts'
import { say, text, type Words } from './span.ts'

/** Whose configuration, whitelists and waivers counted, as a sentence; empty where there was none. */
export function configurationSentence({ configuration }: Verdict): Words {
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
