/** Whether arguments ask for a step of a bisection, be they right or not. */
export function asksToBisect([command, ...args]: readonly string[]): boolean {
  return command === 'check' && args.some((arg) => /^--(?:bisect|symbol|type)(?:=|$)/.test(arg))
}
