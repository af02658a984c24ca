/** The style sheet of the HTML report. */
export const style = `
:root {
  color-scheme: light dark;
  --bg: #fff; --panel: #f5f7f9; --fg: #1b2027; --muted: #55606c; --line: #d3dae1; --link: #0b57b5;
  --red: #b42318; --yellow: #8a5300; --green: #1a6b35; --focus: #0b57b5;
  --red-bg: #fdecea; --yellow-bg: #fdf3dc; --green-bg: #e5f5ea; --heat: #d4552a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #12161b; --panel: #1a2027; --fg: #e4e8ec; --muted: #9fabb8; --line: #343d47; --link: #7cb4ff;
    --red: #ff9a90; --yellow: #f0bd5f; --green: #76d394; --focus: #7cb4ff;
    --red-bg: #401d1b; --yellow-bg: #3a2d10; --green-bg: #14351f; --heat: #e8703f;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 4.5rem; }
body {
  margin: 0; background: var(--bg); color: var(--fg);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
header, main, footer { max-width: 84rem; margin: 0 auto; padding: 0 1.25rem; }
code, pre, .mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: .875em; }
pre { margin: 0; }
code, dd, td, h1, h3, p, li, pre { overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; line-height: 1.3; }
h3 { font-size: 1rem; margin: 0; display: inline; line-height: 1.4; }
p { margin: .5rem 0; max-width: 75ch; }
.muted { color: var(--muted); }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--bg); padding: .5rem; z-index: 3; }

.banner { border: 1px solid var(--line); border-left: .5rem solid var(--tone); background: var(--tone-bg);
  border-radius: .5rem; margin: 1.25rem 0; padding: 1rem 1.25rem; }
.banner h1 { margin: 0; font-size: 1.35rem; line-height: 1.35; }
.banner h1 b { color: var(--tone); letter-spacing: .03em; }
.banner p { margin: .4rem 0 0; max-width: none; }
.break, .error, .breaks, .fail { --tone: var(--red); --tone-bg: var(--red-bg); }
.overridden, .may-break, .warn { --tone: var(--yellow); --tone-bg: var(--yellow-bg); }
.pass, .usually-harmless { --tone: var(--green); --tone-bg: var(--green-bg); }
.no-promise { --tone: var(--muted); --tone-bg: var(--panel); }

#search { position: sticky; top: 0; z-index: 2; background: var(--bg); border-bottom: 1px solid var(--line);
  padding: .6rem 0; display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; }
#search input { flex: 1 1 16rem; min-width: 0; font: inherit; padding: .4rem .7rem; color: inherit;
  background: var(--panel); border: 1px solid var(--muted); border-radius: .4rem; }
#search p { margin: 0; min-width: 12rem; font-size: .9rem; }
kbd { border: 1px solid var(--muted); border-radius: .25rem; padding: 0 .35rem; font-size: .8rem; }

.lead { font-size: 1.1rem; max-width: 85ch; }
.steps { list-style: none; padding: 0; margin: 1rem 0; display: grid; gap: .35rem; max-width: 60rem; }
.steps li { display: grid; grid-template-columns: minmax(0, 20rem) 14rem max-content; gap: 1rem; align-items: center; }
meter { width: 100%; height: .9rem; }
.badge { display: inline-block; border: 1px solid var(--tone, var(--line)); color: var(--tone, var(--muted));
  background: var(--tone-bg, transparent); border-radius: 1rem; padding: 0 .6rem; font-size: .8rem; white-space: nowrap; }

.scroll { overflow: auto; max-height: 75vh; border: 1px solid var(--line); border-radius: .5rem; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: .9rem; }
th, td { padding: .4rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { position: sticky; top: 0; z-index: 1; background: var(--panel); font-weight: 600; white-space: nowrap; }
.matrix tbody th { position: sticky; left: 0; background: var(--bg); font-weight: 400; min-width: 15rem; max-width: 26rem; }
.matrix thead th:first-child { left: 0; z-index: 2; }
.matrix tbody th small { display: block; color: var(--muted); overflow-wrap: anywhere; }
.matrix td, .matrix thead th { padding-left: .5rem; padding-right: .5rem; }
.matrix tbody th .badge { font-size: .72rem; white-space: normal; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
.h1 { background: color-mix(in srgb, var(--heat) 8%, transparent); }
.h2 { background: color-mix(in srgb, var(--heat) 18%, transparent); }
.h3 { background: color-mix(in srgb, var(--heat) 28%, transparent); }
.h4 { background: color-mix(in srgb, var(--heat) 38%, transparent); }
.h5 { background: color-mix(in srgb, var(--heat) 50%, transparent); }

details { border: 1px solid var(--line); border-radius: .5rem; margin: .6rem 0; background: var(--bg); }
details.cause { border-left: .3rem solid var(--tone); }
summary { padding: .6rem 1rem; cursor: pointer; background: var(--panel); border-radius: .45rem; }
details[open] > summary { border-bottom: 1px solid var(--line); border-radius: .45rem .45rem 0 0; }
summary .muted { font-size: .9rem; }
.body { padding: .75rem 1rem 1rem; }
.facts { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: .3rem 1rem; margin: 0 0 .9rem; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; }
.chain { list-style: none; display: inline; margin: 0; padding: 0; }
.chain li { display: inline; }
.chain li + li::before { content: " → "; color: var(--muted); }
.add { color: var(--green); }
.del { color: var(--red); }
.diff { border: 1px solid var(--line); border-radius: .4rem; padding: .5rem 0; white-space: pre-wrap; line-height: 1.45; }
.diff span { display: block; padding: 0 .8rem; }
.diff .add { background: var(--green-bg); color: inherit; }
.diff .del { background: var(--red-bg); color: inherit; }
.diff .gap { color: var(--muted); background: var(--panel); }
.symbols { white-space: pre-wrap; column-width: 17rem; column-gap: 1.5rem; line-height: 1.6; }
.excerpt { border-left: .25rem solid var(--line); padding-left: .8rem; white-space: pre-wrap; }
footer { margin-top: 3rem; padding-top: 1rem; padding-bottom: 2rem; border-top: 1px solid var(--line); color: var(--muted); font-size: .9rem; }

@media (max-width: 40rem) {
  header, main, footer { padding-left: .75rem; padding-right: .75rem; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .facts dd { margin-bottom: .5rem; }
  .steps li { grid-template-columns: minmax(0, 1fr); gap: .1rem; margin-bottom: .4rem; }
  .matrix tbody th { min-width: 9rem; max-width: 10rem; }
  th, td { padding: .35rem .5rem; }
}
@media print {
  #search, .skip { display: none; }
  .scroll { max-height: none; overflow: visible; }
  thead th, .matrix tbody th { position: static; }
  summary, .facts, .diff { break-inside: avoid; }
}
`

/** For the page's content security policy: base64 of the SHA-256 of the text above. */
export const styleHash = 'bGctvlpWQxVhiP11wmCLijqPsLDgKQVoVL65EwlzeoA='
