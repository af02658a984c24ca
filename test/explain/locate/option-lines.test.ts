import { expect, it } from 'vitest'
import type { BlamedOption } from '../../../src/abi/blame.ts'
import { linesOfOptions } from '../../../src/explain/locate/option-lines.ts'

const text = `#ifdef CONFIG_AROUND
#ifdef CONFIG_BEFORE
int a;
#endif
struct device {
	int a;
#if IS_ENABLED(CONFIG_INSIDE)
	int b;
#endif
};
#endif
#ifdef CONFIG_AFTER
int c;
#endif
`

const option = (name: string): BlamedOption => ({
  name,
  before: 'y',
  after: 'n',
  patch: [{ file: 'Kconfig', line: 3, kind: 'added', text: `about ${name}` }],
})

it.each([
  ['CONFIG_INSIDE', true],
  ['CONFIG_AROUND', true],
  ['CONFIG_BEFORE', false],
  ['CONFIG_AFTER', false],
  ['CONFIG_OTHER', false],
])('a structure depends on %s: %s', (name, depends) => {
  const lines = linesOfOptions(text, { line: 5, endLine: 10 }, [option(name)])
  expect(lines.map(({ text: told }) => told)).toEqual(depends ? [`about ${name}`] : [])
})
