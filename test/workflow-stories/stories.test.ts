import { describe, it } from 'vitest'
import { stories } from './all.ts'
import { play } from './story.ts'

describe('the workflows, from the event to the check', () => {
  it.each([...stories.values()].map((story) => [story.name, story] as const))('%s', async (_, story) => {
    await play(story)
  })
})
