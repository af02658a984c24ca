import manifest from '../package.json' with { type: 'json' }
import type { Verdict } from './judge/verdict.ts'

/** This tool's name and version, as every verdict records them. */
export const tool: Verdict['tool'] = { name: 'kabi-gate', version: manifest.version }
