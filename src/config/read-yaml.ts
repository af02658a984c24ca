import { parseDocument, type YAMLError } from 'yaml'
import type { Problem, Read } from '../problem/problem.ts'
import { placedProblem, type ConfigSource } from './source-excerpt.ts'
import { yamlContent, type KeyName, type YamlContent } from './yaml-content.ts'
import { syntaxText } from './yaml-errors.ts'

/**
 * Reads one YAML 1.2 document. The value is absent when the file cannot be taken apart; what is wrong with single keys
 * leaves a value to look at further.
 * @param keyName see `yamlContent`
 */
export function readYaml(source: ConfigSource, keyName?: KeyName): Read<YamlContent | undefined> {
  const document = parseDocument(source.text, {
    lineCounter: source.lineCounter,
    strict: true,
    // yamlContent finds repeated keys itself, to say where the first one is.
    uniqueKeys: false,
    stringKeys: true,
    prettyErrors: false,
    resolveKnownTags: false,
  })
  const problems = syntaxProblems([...document.errors, ...document.warnings], source)
  if (problems.length > 0) return { value: undefined, problems }
  if (document.schema.name !== 'core') return { value: undefined, problems: [otherVersion(source)] }
  return yamlContent(document.contents, source, keyName)
}

/** One problem a line: what follows the first is its echo. */
function syntaxProblems(errors: readonly YAMLError[], source: ConfigSource): readonly Problem[] {
  const byLine = new Map<number | undefined, Problem>()
  for (const error of errors) {
    const [start, end] = error.pos
    const { message, advice } = syntaxText(error)
    const problem = placedProblem(source, { start, end }, message, advice)
    const line = problem.place?.line
    if (!byLine.has(line)) byLine.set(line, problem)
  }
  return [...byLine.values()]
}

function otherVersion(source: ConfigSource): Problem {
  const start = Math.max(0, source.text.search(/^%YAML/m))
  return placedProblem(
    source,
    { start, end: start + '%YAML'.length },
    'The file asks for another version of YAML than 1.2.',
    'Remove the line that starts with %YAML.',
  )
}
