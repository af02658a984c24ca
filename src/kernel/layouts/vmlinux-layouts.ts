import type { From, Layouts, TypeLayout, VmlinuxForm } from '../../abi/layouts/layout.ts'
import { readBytes } from '../../io/read-bytes.ts'
import { openElf, type Elf } from '../../module/elf.ts'
import type { Problem, Read } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import { readBtfTypes, type BtfTypes } from './btf-layouts.ts'
import { isBtf } from './btf.ts'
import { debugSections } from './debug-sections.ts'
import { DebugFault, type Answer } from './debug-types.ts'
import type { Names } from './gather-layouts.ts'
import { whyRandomizedVmlinux } from './randomized.ts'
import { askDwarf, several } from './vmlinux-dwarf.ts'

/** A vmlinux with debug information has up to a gigabyte. */
const maxBytes = 2 ** 31 - 1

/** Why a name is not known that is in no debug information of the file. BTF has next to no variables. */
const absent = { dwarf: 'vmlinux does not have it', btf: 'the BTF of vmlinux does not have it' } as const

/**
 * Finds the layouts of types, and what symbols are, in a vmlinux of any class and byte order, or in BTF alone, such as
 * `/sys/kernel/btf/vmlinux`: from its DWARF if it is there and understood, else from its BTF. What it does not have, as a type of a
 * module alone, is among the unknown.
 *
 * Problem, with nothing found: `unreadable` for what cannot be read, is no ELF file and no BTF, has neither DWARF nor BTF, or is damaged;
 * `no-layouts`, a note, for a kernel that randomizes them.
 */
export async function vmlinuxLayouts(file: string, asked: Names): Promise<Read<Layouts | undefined>> {
  const { value: bytes, problems } = await readBytes(file, { maxBytes })
  const [unreadable] = problems
  if (unreadable) return failed({ ...unreadable, advice })
  const randomized = whyRandomizedVmlinux(bytes)
  if (randomized !== undefined)
    return failed({ kind: 'no-layouts', message: `${quote(file)} ${randomized}.`, place: { file } })
  const answered = isBtf(bytes) ? askBtf(readBtfTypes(bytes), asked) : await askElf(bytes, asked)
  if (typeof answered === 'string')
    return failed({ kind: 'unreadable', message: `${quote(file)} ${answered}.`, place: { file }, advice })
  return { value: layoutsOf(answered.form, answered.answer, asked), problems: [] }
}

const advice =
  'Give the uncompressed vmlinux of the very build with DWARF or BTF (CONFIG_DEBUG_INFO, CONFIG_DEBUG_INFO_BTF), or its BTF.'

function failed(problem: Problem): Read<undefined> {
  return { value: undefined, problems: [problem] }
}

interface Answered {
  readonly form: VmlinuxForm
  readonly answer: Answer
}

/** What was found; or what is wrong with the file, worded to follow its name. */
async function askElf(bytes: Uint8Array, asked: Names): Promise<Answered | string> {
  const elf = openElf(bytes)
  if (elf.kind === 'fault')
    return elf.reason === 'is not an ELF file' ? 'is neither an ELF file nor BTF' : elf.reason
  const dwarf = await askDebugInfo(bytes, elf, asked)
  if (dwarf && typeof dwarf !== 'string') return { form: 'dwarf', answer: dwarf }
  const [section, second] = elf.sections.filter(({ name, size }) => name === '.BTF' && size > 0)
  if (second) return 'has several sections .BTF'
  if (!section) return dwarf ?? 'has neither debug information (DWARF) nor BTF'
  const btf = bytes.subarray(section.offset, section.offset + section.size)
  return askBtf(readBtfTypes(btf, elf.wide ? 8 : 4), asked)
}

async function askDebugInfo(bytes: Uint8Array, elf: Elf, asked: Names): Promise<Answer | string | undefined> {
  try {
    const sections = await debugSections(bytes, elf)
    return sections && askDwarf(sections, elf.wide ? 8 : 4, asked)
  } catch (error) {
    if (!(error instanceof DebugFault)) throw error
    return `has debug information that is not understood: ${error.message}`
  }
}

function askBtf(types: ReturnType<typeof readBtfTypes>, asked: Names): Answered | string {
  if (types.kind === 'fault') return types.reason
  try {
    return { form: 'btf', answer: answerOf(types, asked) }
  } catch (error) {
    if (!(error instanceof DebugFault)) throw error
    return `has BTF that is not understood: ${error.message}`
  }
}

function answerOf(types: BtfTypes, asked: Names): Answer {
  const layouts = new Map<string, TypeLayout>()
  const symbols = new Map<string, string>()
  const aliases = new Set<string>()
  const unclear = new Map<string, string>()
  for (const name of asked.types) {
    const [layout, other] = types.layoutsOf(name)
    const why = types.unclear(name) ?? (other ? several : undefined)
    if (why !== undefined) unclear.set(name, why)
    else if (layout) layouts.set(name, layout)
    else if (name.startsWith('t#') && types.typedef(name.slice(2)) !== undefined) aliases.add(name)
  }
  for (const name of asked.symbols) {
    const [text, other] = types.symbolsOf(name)
    if (other !== undefined) unclear.set(name, several)
    else if (text !== undefined) symbols.set(name, text)
  }
  return { pointer: types.pointer, types: layouts, symbols, aliases, unclear }
}

function layoutsOf(form: VmlinuxForm, answer: Answer, asked: Names): Layouts {
  const { pointer, types, symbols, aliases, unclear } = answer
  const missing = [...asked.types, ...asked.symbols].filter(
    (name) => !types.has(name) && !symbols.has(name) && !aliases.has(name) && !unclear.has(name),
  )
  const unknown = new Map([...missing.map((name) => [name, absent[form]] as const), ...unclear])
  return { pointer, vmlinux: form, objects: ['vmlinux'], types: from(types), symbols: from(symbols), unknown }
}

function from<Value>(values: ReadonlyMap<string, Value>): ReadonlyMap<string, From<Value>> {
  return new Map([...values].map(([name, value]) => [name, { value, object: 0 }]))
}
