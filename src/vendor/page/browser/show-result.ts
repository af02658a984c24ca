import { adviceFor, problemTexts, type Problem } from '../../../problem/problem.ts'
import {
  violationKinds,
  type CheckedModule,
  type ModulesCheck,
  type ModuleViolation,
} from '../../../module/check-modules.ts'
import type { VariantCheck } from './take-away.ts'
import { moduleViolationTexts, violationDetail } from '../../report/module-violation-texts.ts'

/** Puts a check into the page. Names and symbols come from files of strangers: they become text, never markup. */
export function showResult(
  target: HTMLElement,
  checks: readonly VariantCheck[],
  problems: readonly Problem[],
): void {
  target.replaceChildren(
    ...problems.map(problemArticle),
    ...checks.flatMap(({ check, whitelist }) => check.modules.map((one) => moduleArticle(one, whitelist))),
  )
}

/** One sentence about each whitelist; with one whitelist, not about which. */
export function summary(checks: readonly VariantCheck[]): string {
  return checks
    .map(({ variant, check }) => (checks.length === 1 ? '' : `${variant ?? 'own list'}, `) + sentence(check))
    .join(' ')
}

function sentence({ modules, score, used, protected: onList }: ModulesCheck): string {
  const bad = modules.filter(({ violations }) => violations.length > 0).length
  const what = modules.length === 1 ? '1 module' : `${modules.length} modules`
  const result =
    bad === 0
      ? 'only symbols on the whitelist'
      : `${bad} of them ${bad === 1 ? 'uses' : 'use'} more than is on the whitelist`
  return `${what}: ${result}; score ${score} % (${onList} of ${used} kernel symbols).`
}

function moduleArticle(checked: CheckedModule, whitelist: string): HTMLElement {
  const { module, violations, used, protected: onList, score, internal } = checked
  const loads = violations.every(({ kind }) => moduleViolationTexts[kind].loads)
  const tone = violations.length === 0 ? 'official' : loads ? 'unlisted' : 'refused'
  const left = internal === 0 ? '' : `; ${internal} symbols of the other modules left out`
  return element('article', { className: tone }, [
    element('h2', {}, [module.file]),
    element('p', { className: 'muted' }, [`Whitelist: ${whitelist}`]),
    ...(module.info.vermagic === undefined
      ? []
      : [element('p', { className: 'muted' }, [`Built for: ${module.info.vermagic}`])]),
    ...(violations.length === 0
      ? [
          element('p', {}, [
            element('span', { className: 'verdict' }, ['Your module uses only symbols on this whitelist.']),
          ]),
        ]
      : violationKinds.flatMap((kind) =>
          violationsOf(violations.filter((violation) => violation.kind === kind)),
        )),
    element('p', {}, [`Score: ${score} % (${onList} of ${used} kernel symbols on the whitelist${left})`]),
  ])
}

function violationsOf(violations: readonly ModuleViolation[]): HTMLElement[] {
  const [first] = violations
  if (!first) return []
  const { warning, advice, loads } = moduleViolationTexts[first.kind]
  return [
    element('h3', {}, [
      element('span', { className: `verdict ${loads ? 'unlisted' : 'refused'}` }, [
        `WARNING: ${warning.join(' ')}`,
      ]),
      ` (${violations.length})`,
    ]),
    element(
      'ul',
      { className: 'symbols' },
      violations.map((violation) => {
        const symbol = 'symbol' in violation ? violation.symbol : 'flags'
        const detail = violationDetail(violation)
        return element('li', {}, [detail === '' ? symbol : `${symbol}  ${detail}`])
      }),
    ),
    element('p', { className: 'muted' }, [advice.replaceAll('`', '')]),
  ]
}

function problemArticle(problem: Problem): HTMLElement {
  const { kind, message, excerpt = [] } = problem
  return element('article', { className: 'problem' }, [
    element('h2', {}, [element('span', { className: 'verdict' }, [problemTexts[kind].title])]),
    element('p', {}, [message]),
    ...(excerpt.length > 0 ? [element('pre', {}, [excerpt.join('\n')])] : []),
    element('p', { className: 'muted' }, [adviceFor(problem)]),
  ])
}

function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  { className }: { readonly className?: string },
  children: readonly (HTMLElement | string)[],
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  if (className !== undefined) made.className = className
  made.append(...children)
  return made
}
