import { parseWhitelist } from '../../../abi/parse-whitelist.ts'
import type { ModulesCheck } from '../../../module/check-modules.ts'
import { renderModuleCheckText } from '../../report/module-check-text.ts'
import { renderModuleRequest } from '../../report/module-request.ts'
import { requestedSymbols } from '../../request.ts'
import type { PageData } from '../page-data.ts'

/** The modules of one variant, checked. */
export interface VariantCheck {
  /** Undefined: against a list that was picked. */
  readonly variant: string | undefined
  /** What the list is called. */
  readonly whitelist: string
  readonly check: ModulesCheck
}

/** What `module check` prints of these checks. */
export function checkText(checks: readonly VariantCheck[], { notes }: PageData, version: string): string {
  return checks
    .map(({ variant, whitelist, check }) =>
      renderModuleCheckText(
        {
          check,
          version,
          kernel: variant && kernelOf(variant),
          whitelist,
          notes,
          problems: [],
          justificationFor: () => undefined,
        },
        { color: false },
      ),
    )
    .join('\n')
}

/** What `module request` writes for the same modules; undefined where every symbol is on its whitelist. */
export function requestText(
  checks: readonly VariantCheck[],
  { variants, title }: PageData,
): string | undefined {
  const modules = checks.flatMap(({ check }) => check.modules)
  const known = variants.map(({ name, whitelist }) => ({
    variant: name,
    whitelist: parseWhitelist(whitelist, `${name} of ${title}`).value,
    symvers: undefined,
    earlier: [],
  }))
  const symbols = requestedSymbols({ modules }, known, () => undefined)
  if (symbols.length === 0) return undefined
  const names = checks.flatMap(({ variant }) => variant ?? [])
  return renderModuleRequest({
    symbols,
    modules: modules.map(({ module }) => module.name),
    kernel: names.length === 0 ? undefined : names.map(kernelOf).join(', '),
    whitelist: checks.map(({ whitelist }) => whitelist).join(', '),
  })
}

function kernelOf(variant: string): string {
  return `variant ${variant}`
}
