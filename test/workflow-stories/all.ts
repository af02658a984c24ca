import * as bisections from './bisection.ts'
import * as branches from './branches.ts'
import * as carriedOver from './carried-over.ts'
import * as pullRequests from './pull-requests.ts'
import type { Story } from './story.ts'
import * as trouble from './trouble.ts'

const modules: readonly Record<string, Story>[] = [
  { ...pullRequests },
  { ...trouble },
  { ...branches },
  { ...bisections },
  { ...carriedOver },
]

/** Every story, by a short name. */
export const stories: ReadonlyMap<string, Story> = new Map(
  modules.flatMap((module) => Object.entries(module)),
)
