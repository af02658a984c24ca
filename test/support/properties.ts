import fc from 'fast-check'

/** What `npm run test:random` sets: other seeds each time, and so many times the runs. */
const times = Number(process.env['KABI_RANDOM_TESTS'] ?? 0)

/** With one seed, red means a change. A failure of a random seed prints the seed and the path that repeat it. */
fc.configureGlobal({ numRuns: runs(100), ...(times > 0 ? {} : { seed: 20_261_128 }) })

/** How often a property is tried, from how often `npm test` tries it. */
export function runs(ordinary: number): number {
  return times > 0 ? times * ordinary : ordinary
}
