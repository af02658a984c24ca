/**
 * Works on items in their order, at most `limit` at once; the results come in the same order.
 * @param work gets a number below the limit that no other call has at the same time
 */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, slot: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = []
  const waiting = items.entries()
  const worker = async (slot: number): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await work(item, slot)
  }
  await Promise.all(Array.from({ length: limit }, (_, slot) => worker(slot)))
  return results
}
