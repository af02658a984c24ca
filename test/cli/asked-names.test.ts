import { describe, expect, it } from 'vitest'
import { askedNames } from '../../src/cli/asked-names.ts'

describe('names on a command line', () => {
  it.each<[readonly string[], readonly string[], readonly string[]]>([
    [['pci_enable_device'], ['pci_enable_device'], []],
    [['struct device'], [], ['s#device']],
    [['struct', 'device', 'kfree', 'enum', 'pm_status'], ['kfree'], ['s#device', 'e#pm_status']],
    [['s#device', 't#u8', 'E#RED', 'union', 'x'], [], ['s#device', 't#u8', 'E#RED', 'u#x']],
    [['typedef gfp_t'], [], ['t#gfp_t']],
    [['struct'], ['struct'], []],
    [[], [], []],
  ])('%j are the symbols %j and the types %j', (args, symbols, types) => {
    expect(askedNames(args)).toEqual({ symbols, types })
  })
})
