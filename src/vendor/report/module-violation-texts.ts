import { formatCrc } from '../../abi/export.ts'
import type { ModuleViolation, ModuleViolationKind } from '../../module/check-modules.ts'

/** What a report says about one kind of violation. */
interface ModuleViolationText {
  /** Whether the loader refuses the module. */
  readonly loads: boolean
  /** Worded to follow `WARNING: `, a line each. */
  readonly warning: readonly string[]
  readonly advice: string
}

/** Texts of every kind of violation; the first two lines are those of RHEL 5's checker. */
export const moduleViolationTexts: Readonly<Record<ModuleViolationKind, ModuleViolationText>> = {
  'not-listed': {
    loads: true,
    warning: ['The following symbols are used by your module', 'and are not on the ABI whitelist.'],
    advice:
      'Do without them, or ask for them: `kabi-gate module request` writes the request. They may change in any update.',
  },
  checksum: {
    loads: false,
    warning: [
      'The following symbols have another checksum',
      'than your module was built with. It will not load.',
    ],
    advice: 'Build the module for this kernel.',
  },
  'no-checksum': {
    loads: false,
    warning: [
      'The following symbols have a checksum,',
      'and your module was built without it. It will not load.',
    ],
    advice: 'Build the module against the Module.symvers of this kernel.',
  },
  'not-exported': {
    loads: false,
    warning: [
      'The following symbols are used by your module',
      'and this kernel does not export them. It will not load.',
    ],
    advice:
      'Symbols of another driver stand in the Module.symvers of that driver, which is another table than the kernel’s: give the modules that provide them in the same command, or do without them.',
  },
  namespace: {
    loads: false,
    warning: [
      'The following symbols are in a namespace',
      'that your module does not import. It will not load.',
    ],
    advice:
      'Add MODULE_IMPORT_NS with the namespace to the module’s source. A namespace that begins with module: is for the modules it names.',
  },
  'gpl-only': {
    loads: false,
    warning: [
      'The following symbols are for GPL-compatible modules only,',
      'and the license of your module is not. It will not load.',
    ],
    advice: 'Do without them.',
  },
  vermagic: {
    loads: false,
    warning: ['Your module was built with other options than this kernel.', 'It will not load.'],
    advice: 'Build the module with the configuration of this kernel.',
  },
  'module-layout': {
    loads: false,
    warning: [
      'The structure of modules is another one',
      'than your module was built with. It will not load.',
    ],
    advice: 'Build the module for this kernel.',
  },
}

/** What there is to know about one violation beside its symbol: `built with 0x00000001, whitelist 0x00000002`. */
export function violationDetail(violation: ModuleViolation): string {
  switch (violation.kind) {
    case 'checksum':
    case 'module-layout': {
      const { built, by, expected } = violation
      return `built with ${formatCrc(built)}, ${by} ${formatCrc(expected)}`
    }
    case 'no-checksum':
      return formatCrc(violation.expected)
    case 'namespace':
      return violation.namespace
    case 'vermagic':
      return `built with "${violation.built}", kernel "${violation.expected}"`
    case 'not-listed':
    case 'not-exported':
    case 'gpl-only':
      return ''
  }
}
