/**
 * The macros by which distributions keep checksums while they change a structure: Red Hat's `rh_kabi.h`, and what Oracle
 * (UEK_), openEuler (no prefix), Anolis (CK_), deepin (DEEPIN_) and Android made of it; since Linux 6.14 also those that the
 * kernel's documentation of gendwarfksyms gives as examples.
 */

/** Hides a change from genksyms: the macro shows it another text than the compiler. */
const hiding =
  /^(?:[A-Z][A-Z0-9]*_)??_*KABI_(?:(?:REPLACE|USE|EXTEND|DEPRECATE|BROKEN|CHANGE_TYPE)(?:\d*|_\w+)|FILL_HOLE|RENAME|CONST|ADD_MODIFIER|(?:HIDE|FAKE)_INCLUDE|EXCLUDE|IGNORE|AUX_PTR|AUX_EMBED)$|^ANDROID_BACKPORT_(?:REPLACE|USE\w*)$/

/** Writes a rule for gendwarfksyms. */
const rule =
  /^(?:[A-Z][A-Z0-9]*_)??_*KABI_(?:RULE|DECLONLY|ENUMERATOR_IGNORE|ENUMERATOR_VALUE|BYTE_SIZE|TYPE_STRING)$/

/** Keeps a field for later use; hides nothing. */
const reserve = /^(?:[A-Z][A-Z0-9]*_)??_*KABI_RESERVE(?:_P)?$|^ANDROID_BACKPORT_RESERVE$/

/** What a macro of these families does, told by its name; undefined for any other name. */
export function kabiMacroKind(name: string): 'hides' | 'rule' | 'reserve' | undefined {
  if (!/KABI_|BACKPORT_/.test(name) || name.startsWith('CONFIG_')) return undefined
  // Leading underscores are of no matter, and two repetitions of them in a pattern would be tried in all combinations.
  const bare = name.replace(/^_+/, '')
  if (hiding.test(bare)) return 'hides'
  if (rule.test(bare)) return 'rule'
  return reserve.test(bare) ? 'reserve' : undefined
}

/** What the macros of distributions reserve, in bytes. */
export const reservedBytes = 8

/** A reserved field as it is written, and as it is written when a new field uses it: `KABI_USE(1, u64 cookie)`. */
export function reservedAndUsed(
  macro: string,
  argument: string,
  declaration: string,
): { readonly reserved: string; readonly used: string } {
  return {
    reserved: `${macro}(${argument})`,
    used: `${macro.replace('RESERVE', 'USE')}(${argument}, ${declaration})`,
  }
}
