import { marked } from 'marked'

/** What such a picture has to say of itself: it is no screenshot of GitHub. */
const label = 'Rendered from the Markdown of the comment; GitHub’s own look differs.'

const style = `
  body { margin: 0; padding: 16px; background: #f6f8fa; color: #1f2328;
    font: 14px/1.5 -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', Helvetica, Arial, sans-serif; }
  .label { margin: 0 0 8px; font-size: 12px; color: #59636e; }
  article { border: 1px solid #d1d9e0; border-radius: 6px; background: #fff; }
  header { padding: 6px 16px; border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0; background: #f6f8fa; color: #59636e; }
  header b { color: #1f2328; }
  main { padding: 4px 16px 12px; overflow-wrap: break-word; }
  h1, h2, h3 { line-height: 1.25; margin: 16px 0 12px; }
  h2 { font-size: 1.4em; padding-bottom: .3em; border-bottom: 1px solid #d1d9e0; }
  h3 { font-size: 1.2em; }
  code, pre { font: 12px/1.45 ui-monospace, 'DejaVu Sans Mono', 'Liberation Mono', monospace; }
  code { padding: .2em .4em; border-radius: 6px; background: #eff1f3; }
  pre { padding: 12px; border-radius: 6px; background: #f6f8fa; overflow: hidden; }
  pre code { padding: 0; background: none; }
  .added { background: #dafbe1; } .removed { background: #ffebe9; }
  table { border-collapse: collapse; margin: 0 0 12px; }
  th, td { padding: 4px 12px; border: 1px solid #d1d9e0; text-align: left; }
  blockquote { margin: 0; padding: 0 1em; border-left: .25em solid #d1d9e0; color: #59636e; }
  a { color: #0969da; text-decoration: none; }
  summary { cursor: default; }
`

/** A comment of GitHub Markdown as a page that looks about as it does there. The comment is our own: its HTML counts. */
export async function commentPage(markdown: string): Promise<string> {
  const html = await marked.parse(markdown, { gfm: true })
  return `<!doctype html>
<meta charset="utf-8">
<title>Comment</title>
<style>${style}</style>
<p class="label">${label}</p>
<article><header><b>github-actions</b> bot commented</header><main>${colorDiffs(html)}</main></article>
`
}

/** Gives the lines of a diff the colours that GitHub gives them. */
function colorDiffs(html: string): string {
  return html.replaceAll(
    /(<code class="language-diff">)([\s\S]*?)(<\/code>)/g,
    (_, start: string, body: string, end: string) => start + body.split('\n').map(colorLine).join('\n') + end,
  )
}

function colorLine(line: string): string {
  if (line.startsWith('+')) return `<span class="added">${line}</span>`
  return line.startsWith('-') ? `<span class="removed">${line}</span>` : line
}
