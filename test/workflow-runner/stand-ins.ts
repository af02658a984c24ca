import { downloadArtifact, uploadArtifact } from './artifacts.ts'
import { restoreCache, saveCache } from './caches.ts'
import { checkout } from './checkout.ts'
import type { StandIn } from './stand-in.ts'

/** By what a workflow writes after `uses`. Another version may have other rules: look at them before its line is changed here. */
export const standIns: ReadonlyMap<string, StandIn> = new Map([
  ['actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1', checkout], // v7.0.1
  ['actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a', uploadArtifact], // v7.0.1
  ['actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c', downloadArtifact], // v8.0.1
  ['actions/cache/restore@55cc8345863c7cc4c66a329aec7e433d2d1c52a9', restoreCache], // v6.1.0
  ['actions/cache/save@55cc8345863c7cc4c66a329aec7e433d2d1c52a9', saveCache], // v6.1.0
])
