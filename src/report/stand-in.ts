import type { ChangeClass } from '../abi/cause.ts'

interface ChangeText {
  readonly title: string
  readonly risk: 'breaks' | 'may-break' | 'usually-harmless'
  readonly explanation: string
  readonly advice: string
  readonly anchor: string
}

const classes: readonly ChangeClass[] = [
  'field-added',
  'field-added-at-end',
  'field-removed',
  'field-retyped',
  'field-renamed',
  'fields-reordered',
  'bit-field-width',
  'array-bound',
  'enumerator-added-at-end',
  'enumerator-inserted',
  'enumerator-removed',
  'enumerator-renamed',
  'enumerator-value',
  'argument-added',
  'argument-removed',
  'argument-retyped',
  'return-type',
  'variable-retyped',
  'typedef-retargeted',
  'became-defined',
  'became-opaque',
  'qualifier',
  'attribute',
  'other',
]
export const changeTexts = Object.fromEntries(
  classes.map((name): [ChangeClass, ChangeText] => [
    name,
    {
      title: `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`,
      risk: name.startsWith('became') ? 'usually-harmless' : 'breaks',
      explanation: 'Stand-in.',
      advice: 'Stand-in advice.',
      anchor: name,
    },
  ]),
) as Record<ChangeClass, ChangeText>
