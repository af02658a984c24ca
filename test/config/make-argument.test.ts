import { describe, expect, it } from 'vitest'
import { refuseMakeArgument } from '../../src/config/make-argument.ts'

describe('an argument for make', () => {
  it.each([
    'KCFLAGS=-g0',
    'KCFLAGS=-O2 -g0',
    'V=1',
    'LOCALVERSION=',
    'CFLAGS_main.o=-Wno-error',
    'KBUILD_BUILD_TIMESTAMP=@0',
    'HOSTCC=gcc-12',
    'LD=ld.bfd',
    '-s',
    '--silent',
    '--output-sync',
    '--output-sync=line',
    '--load-average=4',
  ])('is passed on: %s', (argument) => {
    expect(refuseMakeArgument(argument)).toBeUndefined()
  })

  it.each<[string, RegExp]>([
    ['O=build', /--work-dir/],
    ['KBUILD_OUTPUT=build', /--work-dir/],
    ['ARCH=arm', /arch/],
    ['CROSS_COMPILE=arm-', /cross-compile/],
    ['CC=clang', /compiler/],
    ['LLVM=1', /llvm/],
    ['M=drivers/net', /module/],
    ['KBUILD_EXTMOD=drivers/net', /module/],
    ['KCONFIG_CONFIG=other', /config/],
    ['MAKEFLAGS=-k', /option/],
    ['SHELL=/tmp/sh', /Remove/],
    ['-C', /--source/],
    ['-C../linux', /--source/],
    ['--directory=linux', /--source/],
    ['-f', /Makefile/],
    ['-j8', /--jobs/],
    ['--jobs=8', /--jobs/],
    ['-k', /not complete/],
    ['-i', /not complete/],
    ['-n', /not complete/],
    ['--keep-going', /not complete/],
    ['--touch', /not complete/],
    ['-ks', /not complete/],
    ['-sk', /Options that can be given/],
    ['-o', /Options that can be given/],
    ['--eval=x', /Options that can be given/],
    ['--', /Options that can be given/],
    ['modules', /target/],
    ['drivers/net/tun.o', /target/],
    ['A+=b', /NAME=value/],
    ['=b', /NAME=value/],
    ['1A=b', /NAME=value/],
    [' O=build', /NAME=value/],
    ['', /NAME=value/],
    ['KCFLAGS=$(shell id)', /plain value/],
    ['KCFLAGS=`id`', /plain value/],
    ['KCFLAGS="-O2 -g0"', /quotes are not needed/],
    ['V=1; id', /plain value/],
    ['V=1 && id', /plain value/],
    ['V=1\nO=build', /plain value/],
    ['V=>file', /plain value/],
    ['V=a\\b', /plain value/],
  ])('is refused, with advice: %j', (argument, advice) => {
    expect(refuseMakeArgument(argument)?.advice).toMatch(advice)
  })
})
