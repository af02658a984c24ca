import * as build from './build-kinds.ts'
import type { Draft, Maker, Workshop } from './draft.ts'
import * as enums from './enum-kinds.ts'
import * as exports from './export-kinds.ts'
import * as functions from './function-kinds.ts'
import * as harmless from './harmless-kinds.ts'
import * as hidden from './hidden-kinds.ts'
import * as forms from './type-forms.ts'
import { randomFrom } from './random.ts'
import * as fields from './type-kinds.ts'

/**
 * - `types`: a checksum has to change.
 * - `exports`: an export has to go, to move, or to be restricted.
 * - `quiet`: no finding is right, because nothing changes or because no checksum shows it.
 * - `unseen`: no checksum changes, and what it does to memory has to be told.
 */
export type Family = 'types' | 'exports' | 'quiet' | 'unseen'

export interface Kind {
  readonly name: string
  readonly family: Family
  readonly make: Maker
  /** Its effect cannot be told apart from that of others in the same tree. */
  readonly alone: boolean
}

function kind(family: Family, name: string, make: Maker, alone = false): Kind {
  return { family, name, make, alone }
}

/** All kinds of edits, in the order of the table. */
export const kinds: readonly Kind[] = [
  kind('types', 'field first', fields.fieldFirst),
  kind('types', 'field in the middle', fields.fieldMiddle),
  kind('types', 'field last', fields.fieldLast),
  kind('types', 'field by a macro', forms.fieldByMacro),
  kind('types', 'field removed', fields.fieldRemoved, true),
  kind('types', 'field retyped', fields.fieldRetyped),
  kind('types', 'field in other words', fields.fieldRespelled),
  kind('types', 'fields swapped', fields.fieldsSwapped),
  kind('types', 'fields grouped', fields.fieldsGrouped),
  kind('types', 'bit-field width', fields.bitFieldWidth),
  kind('types', 'array bound', fields.arrayBound),
  kind('types', 'array bound by its #define', forms.arrayBoundByMacro),
  kind('types', 'attribute of a field', fields.fieldAttribute),
  kind('types', 'attribute in front of a tag', forms.tagAttribute, true),
  kind('types', 'qualifier', fields.fieldQualifier),
  kind('types', 'enumerator inserted', enums.enumeratorInserted),
  kind('types', 'enumerator renumbered', enums.enumeratorRenumbered),
  kind('types', 'argument added', functions.argumentAdded),
  kind('types', 'argument of an operation added', functions.operationArgument),
  kind('types', 'return type', functions.returnType),
  kind('types', 'typedef retargeted', forms.typedefRetargeted),
  kind('exports', 'export deleted', exports.exportDeleted),
  kind('exports', 'export in #if 0', exports.exportDisabled),
  kind('exports', 'export GPL-only', exports.exportGpl),
  kind('exports', 'export in a namespace', exports.exportNamespace),
  kind('exports', 'export to another module', exports.movedToModule),
  kind('exports', 'object out of a Makefile', build.objectLeftOut),
  kind('exports', 'folder out of a Makefile', build.folderLeftOut),
  kind('exports', 'option switched off', build.optionSwitchedOff, true),
  kind('exports', 'hidden: GPL-only by a macro in disguise', exports.macroGpl),
  kind('exports', 'hidden: GPL-only by pasted words', exports.pastedGpl),
  kind('exports', 'hidden: GPL-only behind #line', exports.lineNumber),
  kind('exports', 'hidden: namespace by a macro in disguise', exports.macroNamespace),
  kind('exports', 'hidden: namespace by a Makefile', build.namespaceByMakefile),
  kind('exports', 'hidden: export for genksyms alone', exports.genksymsAlone),
  kind('exports', 'hidden: empty macro for the compiler', exports.macroEmpty),
  kind('exports', 'hidden: skipped by the assembler', exports.assemblerSkips, true),
  kind('exports', 'hidden: exported by another object', exports.exportedElsewhere, true),
  kind('quiet', 'comment', harmless.comment),
  kind('quiet', 'white space', harmless.whitespace),
  kind('quiet', 'blank lines', harmless.blankLines),
  kind('quiet', 'body of a function', harmless.body),
  kind('quiet', 'static function', harmless.staticFunction),
  kind('quiet', 'structure of its own', harmless.privateStructure),
  kind('quiet', 'structure that nothing reaches', harmless.unreachedStructure),
  kind('quiet', 'new macro', harmless.newMacro),
  kind('quiet', 'new type', harmless.newType),
  kind('quiet', 'new inline function', harmless.newInline),
  kind('quiet', 'names of parameters', harmless.parameterNames),
  kind('quiet', 'help text', harmless.helpText),
  kind('quiet', 'comment in a Makefile', build.makefileComment),
  kind('quiet', 'order of includes', harmless.includeOrder),
  kind('quiet', 'new export', harmless.newExport),
  kind('quiet', 'export in other words', harmless.exportInOtherWords),
  kind('quiet', 'export no longer GPL-only', harmless.exportLoosened),
  kind('quiet', 'export to another object of its module', exports.movedWithin),
  kind('quiet', 'unseen: attribute behind a brace', hidden.braceAttribute),
  kind('quiet', 'unseen: field behind __GENKSYMS__', hidden.fieldInFront),
  kind('quiet', 'unseen: packed by a pragma', hidden.packedByPragma),
  kind('unseen', 'unseen: field inside', hidden.fieldInside),
  kind('unseen', 'unseen: field behind a spliced guard', hidden.fieldBySplice),
  kind('unseen', 'unseen: field behind defined()', hidden.fieldByDefined),
  kind('unseen', 'unseen: field by a macro', hidden.fieldByMacro),
  kind('unseen', 'unseen: field at the end', hidden.fieldAtEnd),
  kind('unseen', 'unseen: fields swapped', hidden.swapped),
  kind('unseen', 'unseen: field retyped', hidden.retyped),
  kind('unseen', 'unseen: bit-field width', hidden.bitFieldWidth),
  kind('unseen', 'unseen: union that is too large', hidden.unionTooLarge),
  kind('unseen', 'unseen: argument of an operation', hidden.operationArgument),
  kind('unseen', 'unseen: enumerator inserted', hidden.enumeratorInside),
  kind('unseen', 'unseen: packed behind a brace', hidden.packedBehindBrace),
  kind('unseen', 'unseen, harmless: union that fits', hidden.unionThatFits),
  kind('unseen', 'unseen, harmless: field in a hole', hidden.fieldInHole),
  kind('unseen', 'unseen, harmless: reserved field used', hidden.reservedUsed),
  kind('unseen', 'unseen, harmless: enumerator at the end', hidden.enumeratorAtEnd),
  kind('unseen', 'unseen, harmless: other words', hidden.respelled),
  kind('unseen', 'unseen, harmless: macro', hidden.guardAlone),
]

/** A numbered edit of a seed. */
export interface Case {
  readonly number: number
  readonly kind: Kind
  readonly draft: Draft
}

/** The case of a number: kinds take turns. Undefined where this kernel has no place for such an edit. */
export function caseOf(workshop: Omit<Workshop, 'random'>, seed: string, number: number): Case | undefined {
  const kind = kinds[number % kinds.length]
  const random = randomFrom(`${seed} ${workshop.variant} ${number}`)
  const draft = kind?.make({ ...workshop, random })
  return kind && draft && { number, kind, draft }
}
