import { htmlText } from '../../report/escape.ts'
import { dataElement, type PageData } from './page-data.ts'
import { pageStyle } from './page-style.ts'

interface PageParts {
  readonly data: PageData
  readonly version: string
  /** The bundled script of the page. */
  readonly script: string
  /** Licences of the packages whose code is in the script. */
  readonly licenses: string
  /** Base64 of the SHA-256 of a text. */
  readonly hashOf: (text: string) => string
}

/**
 * The checker page as one HTML file. Nothing is loaded and nothing is sent: its policy forbids every connection and any
 * script but its own. WebAssembly is allowed for the decoder of xz.
 */
export function renderPage({ data, version, script, licenses, hashOf }: PageParts): string {
  const policy = [
    "default-src 'none'",
    "connect-src 'none'",
    `style-src 'sha256-${hashOf(pageStyle)}'`,
    `script-src 'sha256-${hashOf(script)}' 'wasm-unsafe-eval'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Kernel ABI checker for drivers</title>
<style>${pageStyle}</style>
</head>
<body>
<a class="skip" href="#result">Skip to the result</a>
<header>
<h1>Kernel ABI checker for drivers</h1>
<p>Does a driver use only kernel symbols that <b id="title">the distribution</b> promises to keep? Your files stay on this computer: the page reads them itself and has no way to send them.</p>
</header>
<main>
<form id="form">
<p><label for="variant">Kernel variant</label>
<select id="variant" autocomplete="off"></select></p>
<p id="own" hidden><label for="list">Whitelist file</label>
<input id="list" type="file" aria-describedby="list-hint"> <span id="list-hint" class="muted">kabi_whitelist, Module.kabi_*, Module.symvers; plain, .gz, .xz or .zst</span></p>
<p id="drop"><label for="modules">Kernel modules</label>
<input id="modules" type="file" multiple aria-describedby="hint"> <span id="hint" class="muted">.ko, .ko.gz, .ko.xz or .ko.zst, as many as belong together; or drop them anywhere on this page</span></p>
</form>
<p id="status" role="status"></p>
<section id="result" aria-label="Result" tabindex="-1"></section>
<noscript><p>This page needs JavaScript, with which it reads the files itself. The same check on the command line: <code>kabi-gate module check</code>.</p></noscript>
</main>
<footer><p>kabi-gate ${htmlText(version)}</p><details><summary>Licences</summary><pre>${licenses.replace(/[&<]/g, (special) => `&#${special.charCodeAt(0)};`)}</pre></details></footer>
${dataElement(data)}
<script>${script}</script>
</body>
</html>
`
}
