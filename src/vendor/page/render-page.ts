import { htmlText } from '../../report/escape.ts'
import { askElement, dataElement, frameText, type PageData } from './page-data.ts'
import { outerStyle, pageStyle } from './page-style.ts'

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
 * script but its own. What no policy forbids, to go to another address or to open a window, the frame does in which the
 * whole checker is; around it there is no script. WebAssembly is allowed for the decoder of xz.
 */
export function renderPage(parts: PageParts): string {
  const { data, script, hashOf } = parts
  const policy = [
    "default-src 'none'",
    "connect-src 'none'",
    `style-src 'sha256-${hashOf(pageStyle)}' 'sha256-${hashOf(outerStyle)}'`,
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
<style>${outerStyle}</style>
</head>
<body>
<iframe title="Kernel ABI checker for drivers" sandbox="allow-scripts allow-downloads" allow="clipboard-write" srcdoc="${frameText(checker(parts))}"></iframe>
${askElement(data)}
</body>
</html>
`
}

/** The document in the frame; the policy of the page holds for it, too. */
function checker({ data, version, script, licenses }: PageParts): string {
  return `<!doctype html>
<html lang="en" data-version="${htmlText(version)}">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>Kernel ABI checker for drivers</title>
<style>${pageStyle}</style>
</head>
<body>
<a class="skip" href="#result">Skip to the result</a>
<header>
<h1>Kernel ABI checker for drivers</h1>
<p>Does a driver use only kernel symbols that are on the whitelist of <b id="title">the distribution</b>? Your files stay on this computer: the page reads them itself and has no way to send them.</p>
<div id="notes"></div>
</header>
<main>
<form id="form">
<p><label for="variant">Kernel variant</label>
<select id="variant" autocomplete="off"></select></p>
<p id="own" hidden><label for="list">Whitelist file</label>
<input id="list" type="file" aria-describedby="list-hint"> <span id="list-hint" class="muted">kabi_whitelist, Module.kabi_*, Module.symvers; plain, .gz, .xz or .zst</span></p>
<p id="drop"><label for="modules">Kernel modules</label>
<input id="modules" type="file" multiple aria-describedby="hint"> <span id="hint" class="muted">.ko, .ko.gz, .ko.xz or .ko.zst, and packages (.rpm, .deb, .tar), as many as belong together; or drop them here</span></p>
</form>
<p id="status" role="status"></p>
<p id="take" hidden><button type="button" id="copy">Copy as text</button> <a id="request" download="request.md" hidden>Download the request</a></p>
<textarea id="text" aria-label="The result as text" readonly hidden></textarea>
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
