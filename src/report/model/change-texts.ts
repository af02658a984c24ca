import type { ChangeClass } from '../../abi/cause.ts'

/** What a report says about one class of changes, written for the author of a patch. */
export interface ChangeText {
  /** A few words for a heading. */
  readonly title: string
  /**
   * For a driver built against the release, if it were loaded: `breaks` reads or calls the wrong thing, `may-break`
   * depends on the case, `usually-harmless` is the checksum's alarm alone.
   */
  readonly risk: 'breaks' | 'may-break' | 'usually-harmless'
  /** What it means for such a driver. */
  readonly explanation: string
  /** What maintainers do about it. */
  readonly advice: string
  /** Its section in docs/fixing-a-break.md. */
  readonly anchor: string
}

const keepPrototype =
  'Leave the released function as it is and add a new one beside it; the old one calls the new one with the values that drivers of the release mean.'

/** Titles, risks, explanations and advice, one entry a class. */
export const changeTexts: Readonly<Record<ChangeClass, ChangeText>> = {
  'field-added': {
    title: 'Field added in front of others',
    risk: 'breaks',
    explanation:
      'The fields behind it move unless it fits into a hole, and the size may change: a driver of the release reads and writes the wrong fields.',
    advice:
      'Use a reserved field, or a hole that pahole shows, and keep the field from the checksum with the macros that your kernel has for it. Without either, keep the data in a structure of its own, behind a pointer or in an allocation beside the old one.',
    anchor: 'field-added',
  },
  'field-added-at-end': {
    title: 'Field added at the end',
    risk: 'may-break',
    explanation:
      'No other field of this structure moves, but its size may change. A driver of the release that allocates, embeds, copies or counts through an array of it works with the old size, and the kernel reads past it.',
    advice:
      'Where only the kernel allocates the structure, and nothing embeds it, wrap the field in #ifndef __GENKSYMS__. Otherwise use a reserved field, or keep the data in a structure of its own.',
    anchor: 'field-added',
  },
  'field-removed': {
    title: 'Field removed',
    risk: 'breaks',
    explanation:
      'A driver of the release may still use the field, and the fields behind it move: it reads and writes the wrong memory.',
    advice:
      'Keep the field. If the kernel has no use for it any more, keep it in its place and filled as drivers expect it, and say in a comment why it stays.',
    anchor: 'field-removed-or-moved',
  },
  'fields-reordered': {
    title: 'Fields in another order',
    risk: 'breaks',
    explanation: 'The fields stand at other offsets: a driver of the release takes one for another.',
    advice: 'Put the fields back into the order of the release. A better layout can wait for the next one.',
    anchor: 'field-removed-or-moved',
  },
  'field-retyped': {
    title: 'Field has another type',
    risk: 'breaks',
    explanation:
      'A driver of the release uses the field as what it was. With another size the fields behind it move too; with the arguments of a function pointer it is called in another way.',
    advice:
      'Keep the old field and add one of the new type in a reserved field. Where size, alignment and meaning are the same, as with a union of the old field and its new use, show the old type to the checksum under #ifdef __GENKSYMS__.',
    anchor: 'field-of-another-type',
  },
  'fields-regrouped': {
    title: 'The same fields, grouped in another way',
    risk: 'may-break',
    explanation:
      'A nameless struct or union, or struct_group, stands around the fields now, or no longer does. They keep their order, and as a rule their offsets; a group that needs a stricter alignment, ends in padding or holds something larger moves what follows it.',
    advice:
      'Compare offsets and size with pahole. If they are those of the release, show the old text to the checksum with #ifdef __GENKSYMS__; if not, group other fields, or none.',
    anchor: 'regrouped',
  },
  'field-renamed': {
    title: 'Field renamed',
    risk: 'usually-harmless',
    explanation:
      'Place and type are the same, so a driver of the release finds what it looks for, as long as the field means what it meant. A reserved field that is used now was nobody’s before.',
    advice:
      'Keep the old name, or show it to the checksum: #ifdef __GENKSYMS__, the old name, #else, the new one, #endif. If the meaning changed with the name, treat it as a field of another type.',
    anchor: 'renamed',
  },
  'bit-field-width': {
    title: 'Bit field has another width',
    risk: 'breaks',
    explanation:
      'The bits behind it move, perhaps into the next word: a driver of the release tests and sets the wrong ones.',
    advice:
      'Keep the width and put the further bits into a reserved field, or take unused bits of the same word at its end and hide them from the checksum.',
    anchor: 'field-of-another-type',
  },
  'array-bound': {
    title: 'Array has another length',
    risk: 'breaks',
    explanation:
      'The fields behind the array move and the size changes; a driver of the release has loops and buffers for the old length.',
    advice:
      'Keep the length of the release. Look for the macro or the enumerator that gives it, and keep further items in an array of their own.',
    anchor: 'field-of-another-type',
  },
  'enumerator-added-at-end': {
    title: 'Enumerator added at the end',
    risk: 'may-break',
    explanation:
      'The values of the release stay. A driver that knows only those may be given the new one; an enumerator that counts the others is listed by itself when it changed.',
    advice:
      'Wrap the enumerator in #ifndef __GENKSYMS__ once you have looked that no array has as many items as the enum, and that drivers are never given the new value or do nothing wrong with it.',
    anchor: 'enumerators',
  },
  'enumerator-inserted': {
    title: 'Enumerator inserted',
    risk: 'breaks',
    explanation:
      'The values behind it shifted: a driver of the release says one thing and the kernel understands another. Nothing but the checksum notices.',
    advice:
      'Move the enumerator to the end, behind all that drivers may use, or give it a value of its own. Beware of a _MAX or NUM_ at the end: it changes too.',
    anchor: 'enumerators',
  },
  'enumerator-removed': {
    title: 'Enumerator removed',
    risk: 'breaks',
    explanation:
      'A driver of the release still uses the value, which now stands for nothing, or for what came after it.',
    advice: 'Keep the enumerator, and say in a comment that it is there for drivers of the release.',
    anchor: 'enumerators',
  },
  'enumerator-renamed': {
    title: 'Enumerator renamed',
    risk: 'usually-harmless',
    explanation:
      'The value is the same, and a driver of the release knows only the value. It works as long as the value means what it meant.',
    advice:
      'Keep the old name, and define the new one as the same value outside of the enum. If the meaning changed with the name, take a new value for it.',
    anchor: 'renamed',
  },
  'enumerator-value': {
    title: 'Enumerator has another value',
    risk: 'breaks',
    explanation:
      'The old value is compiled into the drivers of the release, as an argument, as a bit or as the length of an array.',
    advice:
      'Give it the value of the release. For an enumerator that counts the others, such as one ending in _MAX: see what has its length, and hide the change from the checksum only if no driver does.',
    anchor: 'enumerators',
  },
  'argument-added': {
    title: 'Argument added',
    risk: 'breaks',
    explanation:
      'A driver of the release does not pass the argument: the function takes whatever is left in the register or on the stack.',
    advice: keepPrototype,
    anchor: 'prototypes',
  },
  'argument-removed': {
    title: 'Argument removed',
    risk: 'breaks',
    explanation:
      'A driver of the release passes its arguments by position: each one behind the removed one arrives in the wrong place.',
    advice: keepPrototype,
    anchor: 'prototypes',
  },
  'argument-retyped': {
    title: 'Argument has another type',
    risk: 'breaks',
    explanation:
      'A driver of the release passes the old type: another size, another structure, or a pointer to something else.',
    advice: keepPrototype,
    anchor: 'prototypes',
  },
  'return-type': {
    title: 'Result has another type',
    risk: 'breaks',
    explanation:
      'A driver of the release takes the result for what it was: an error for a success, a pointer for a number, or a value where there is none.',
    advice: keepPrototype,
    anchor: 'prototypes',
  },
  'variable-retyped': {
    title: 'Variable has another type',
    risk: 'breaks',
    explanation: 'A driver of the release reads and writes the variable as what it was.',
    advice:
      'Keep the variable with its type and its meaning, and add a new one beside it, or a function that gives the new value.',
    anchor: 'variables-and-typedefs',
  },
  'typedef-retargeted': {
    title: 'Typedef stands for another type',
    risk: 'breaks',
    explanation:
      'Everything declared with the typedef has another type now: fields, arguments and results in many places at once.',
    advice:
      'Leave the typedef as it is and use a new one where the new type is needed. Types of the same size and sign on every variant may be kept from the checksum with #ifdef __GENKSYMS__.',
    anchor: 'variables-and-typedefs',
  },
  'became-defined': {
    title: 'Became defined: a new #include',
    risk: 'usually-harmless',
    explanation:
      'The file of the export now sees the whole type where it saw only its name. Nothing in memory changed: it is the usual false alarm of a new #include, or of a definition that moved from a source file to a header, and the loader refuses the driver all the same.',
    advice:
      'Move the code that needs the header to a file without exports, or wrap the new #include in #ifndef __GENKSYMS__. Not safe when the patch changes the type too, as the checksum will not tell, or when a type of the exports comes from that header: then the checksum no longer covers it, or cannot be made.',
    anchor: 'became-defined-or-opaque',
  },
  'became-opaque': {
    title: 'Became opaque: an #include is gone',
    risk: 'usually-harmless',
    explanation:
      'The file of the export now sees only the name of the type. Nothing in memory changed, but from now on the checksum of this symbol does not tell when the type does.',
    advice:
      'Put the #include back, also if the file compiles without it. If a whole definition moved to another header, include that one.',
    anchor: 'became-defined-or-opaque',
  },
  'body-seen': {
    title: 'genksyms sees a body that it did not see',
    risk: 'may-break',
    explanation:
      'In the release the checksum was made from the name of the type alone. The compiler had its body even so, as behind struct __aligned(64) x {, or it is not recorded whether it had. So nothing tells whether the layout is still that of the release.',
    advice:
      'Compare size, alignment and offsets with those of the release, by pahole. If only an #include is new, deal with it as with any that makes a type known; whitelists that this kabi-gate writes record which bodies genksyms did not see.',
    anchor: 'bodies-that-genksyms-does-not-see',
  },
  'body-unseen': {
    title: 'genksyms no longer sees the body',
    risk: 'may-break',
    explanation:
      'The checksum is made from the name of the type alone now, but the compiler still has its body, or it is not known whether it has. An attribute in front of the name does that, struct __aligned(64) x {, and so does a body that __GENKSYMS__ hides. The layout may have changed, and from now on the checksum does not tell when it does.',
    advice:
      'Write attributes behind the closing brace: struct x { … } __aligned(64);, and let genksyms see the body. Then the checksum tells what else changed.',
    anchor: 'bodies-that-genksyms-does-not-see',
  },
  qualifier: {
    title: 'const or volatile changed',
    risk: 'usually-harmless',
    explanation:
      'Size, layout and calls are the same. A const that is new is a promise not to write: a driver of the release that writes to such a variable of the kernel faults.',
    advice:
      'Leave the qualifier as in the release, or show the old text to the checksum with #ifdef __GENKSYMS__.',
    anchor: 'qualifiers-and-attributes',
  },
  attribute: {
    title: 'Attribute changed',
    risk: 'may-break',
    explanation:
      'Attributes such as packed and aligned move fields, and regparm changes how a function is called; those such as warn_unused_result, cold or section change nothing for a driver.',
    advice:
      'Take back an attribute that changes the layout or the call. Show the old text of any other to the checksum with #ifdef __GENKSYMS__.',
    anchor: 'qualifiers-and-attributes',
  },
  spelling: {
    title: 'The same in other words',
    risk: 'usually-harmless',
    explanation:
      'Nothing in memory moved: the type is the same, written in another way, such as u32 and unsigned int, or [] and [0]. But the checksum is made from the text, so the loader refuses the driver all the same.',
    advice: 'Write it as in the release. Cleaning up can wait for the next one.',
    anchor: 'spelling',
  },
  other: {
    title: 'Changed in another way',
    risk: 'may-break',
    explanation:
      'The change fits no class that kabi-gate knows, so it cannot say what it does to a driver of the release.',
    advice:
      'Read the difference as a driver would: the size, the offset of each field, the value of each name, the arguments of each call. Take it back unless all of them are those of the release.',
    anchor: 'other-changes',
  },
}

const sampleHeader = {
  advice:
    'Where a hole takes the field, put it there with KABI_FILL_HOLE of the sample header examples/kabi.h, as your kernel has no macros of its own. Without a hole, keep the data in a structure of its own, behind a pointer or in an allocation beside the old one; and reserve fields before the next release.',
  anchor: 'a-kernel-without-kabi-macros',
} as const

/** What else is to be done, and where to read it, in a kernel that has no macros for it. */
const withoutMacros: Readonly<Partial<Record<ChangeClass, Pick<ChangeText, 'advice' | 'anchor'>>>> = {
  'field-added': sampleHeader,
  'field-added-at-end': {
    ...sampleHeader,
    advice:
      'Where only the kernel allocates the structure, and nothing embeds it, wrap the field in KABI_EXTEND of the sample header examples/kabi.h, as your kernel has no macros of its own. Otherwise put it into a hole with KABI_FILL_HOLE, or keep the data in a structure of its own; and reserve fields before the next release.',
  },
}

/** @param kabiMacros whether the kernel has macros that keep checksums; undefined: not known */
export function changeText(what: ChangeClass, kabiMacros: boolean | undefined): ChangeText {
  return { ...changeTexts[what], ...(kabiMacros === false ? withoutMacros[what] : {}) }
}
