/**
 * The types of type definitions, of one object or in the consolidated form, of which some object sees the body: structures, unions, enumerations and
 * typedefs by their names there.
 */
export function completeTypes(types: Uint8Array): ReadonlySet<string> {
  const names = new TextDecoder()
    .decode(types)
    .split('\n')
    .flatMap((line) => {
      const [, name] = /^([sute]#(?:'[^']*'|\S+)) /.exec(line) ?? []
      return name === undefined || line.includes('{ UNKNOWN }') ? [] : [name]
    })
  return new Set(names)
}
