import { describe, it } from 'vitest'
import { clean } from '../workflow-stories/pull-requests.ts'
import { play } from '../workflow-stories/story.ts'
import { noWorkflowSha } from '../workflow-stories/trouble.ts'

/** Two of the stories that `npm run test:workflows` plays. */
describe('the workflows, run from the event to the check', () => {
  it.each([clean, noWorkflowSha].map((story) => [story.name, story] as const))('%s', async (_, story) => {
    await play(story)
  })
})
