import { InvalidArgumentError } from 'commander'

/**
 * Reads a count from the command line.
 * @throws InvalidArgumentError for anything but a whole number above zero
 */
export function positiveInteger(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new InvalidArgumentError('It must be a whole number above zero.')
}
