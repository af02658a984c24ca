import { readTreeFile } from '../io/read-tree-file.ts'
import type { ConfigOptions, KernelBuild } from '../abi/evidence.ts'
import { addMentionedOptions, relevantOptions } from '../abi/mentioned-options.ts'

/** Lists all options that are set. */
const autoconf = '/include/generated/autoconf.h'

/**
 * The part of a build's configuration on which the checksums of its objects may depend: the options that the headers
 * mention which the objects read. Undefined when the build does not say which headers those are.
 * @throws the system's error when a header cannot be read.
 */
export function headerOptions({ objects, options }: KernelBuild): ConfigOptions | undefined {
  if (!objects) return undefined
  const headers = new Set<string>()
  for (const { dependencies } of objects.values()) {
    for (const path of dependencies) if (path.endsWith('.h') && !path.endsWith(autoconf)) headers.add(path)
  }
  const mentioned = new Set<string>()
  for (const path of headers) addMentionedOptions(readTreeFile(path).toString(), mentioned)
  return relevantOptions(mentioned, options)
}
