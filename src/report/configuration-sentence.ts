import type { Verdict } from '../judge/verdict.ts'
import type { Escape } from './words.ts'

/** Whose configuration, whitelists and waivers counted, as a sentence; empty where there was none. */
export function configurationSentence({ configuration }: Verdict, escape: Escape): string {
  if (!configuration) return ''
  if (configuration.kind === 'work-tree')
    return 'Configuration, whitelists and waivers are those of the tree itself: no commit was named that counts instead.'
  const { name, commit, branch } = configuration
  const known = name === commit ? '' : ` (${escape(name)})`
  const target = branch === undefined ? '' : `, for ${escape(branch)}`
  return `Configuration, whitelists and waivers are those of commit ${escape(commit.slice(0, 12))}${known}${target}.`
}
