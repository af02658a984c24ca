/** The style sheet around the frame: it takes all room but that of the link. */
export const outerStyle = `
:root { color-scheme: light dark; }
body { margin: 0; height: 100vh; display: flex; flex-direction: column; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
iframe { flex: 1; border: 0; width: 100%; }
nav { padding: .5rem 1.25rem; overflow-wrap: anywhere; }
nav:empty { display: none; }
`

/** The style sheet of the checker page. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --bg: #fff; --panel: #f5f7f9; --fg: #1b2027; --muted: #55606c; --line: #d3dae1; --focus: #0b57b5;
  --red: #b42318; --yellow: #8a5300; --green: #1a6b35; --red-bg: #fdecea; --yellow-bg: #fdf3dc; --green-bg: #e5f5ea;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #12161b; --panel: #1a2027; --fg: #e4e8ec; --muted: #9fabb8; --line: #343d47; --focus: #7cb4ff;
    --red: #ff9a90; --yellow: #f0bd5f; --green: #76d394; --red-bg: #401d1b; --yellow-bg: #3a2d10; --green-bg: #14351f;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 1.5rem 0 .5rem; }
h2 { font-size: 1.1rem; line-height: 1.35; margin: 0; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p { margin: .5rem 0; max-width: 75ch; overflow-wrap: anywhere; }
code, pre, .symbols { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: .875em; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
p > .muted { display: block; }
.muted { color: var(--muted); font-size: .9rem; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--bg); padding: .5rem; z-index: 3; }
form { border: 1px solid var(--line); border-radius: .5rem; background: var(--panel); padding: .5rem 1.25rem; margin: 1.25rem 0; }
form p { max-width: none; }
label { display: block; font-weight: 600; }
select, input { font: inherit; color: inherit; max-width: 100%; }
select { padding: .35rem .5rem; background: var(--bg); border: 1px solid var(--muted); border-radius: .35rem; min-width: 16rem; }
button, #request { font: inherit; color: inherit; text-decoration: none; padding: .35rem .75rem; background: var(--panel); border: 1px solid var(--muted); border-radius: .35rem; cursor: pointer; }
textarea { width: 100%; height: 12rem; }
.over form { outline: 3px dashed var(--focus); outline-offset: 4px; }
article { border: 1px solid var(--line); border-left: .5rem solid var(--tone); border-radius: .5rem; padding: .75rem 1.25rem 1rem; margin: 1rem 0; }
.official { --tone: var(--green); --tone-bg: var(--green-bg); }
.unlisted { --tone: var(--yellow); --tone-bg: var(--yellow-bg); }
.refused, .problem { --tone: var(--red); --tone-bg: var(--red-bg); }
.verdict { display: inline-block; color: var(--tone); background: var(--tone-bg); font-weight: 600; border-radius: .35rem; padding: .15rem .6rem; }
.symbols { list-style: none; margin: .25rem 0; padding: 0; column-width: 22rem; column-gap: 1.5rem; }
.symbols li { overflow-wrap: anywhere; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .5rem; padding-bottom: 2rem; color: var(--muted); font-size: .9rem; }
`
