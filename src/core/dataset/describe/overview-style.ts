/** The overview's look: follows the reader's light or dark, needs no font and no script. */
export const OVERVIEW_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f7f6f3; --card: #ffffff; --ink: #1d2126; --soft: #666d76; --line: #e3e1db; --faint: #f3f1ed;
  --accent: #2563c9; --benign: #4c9a63; --malicious: #cf4038; --spread: #3567b5;
  --k0: #3f74c6; --k1: #c2681f; --k2: #3b9690; --k3: #b04f8f; --k4: #7d7a2c; --k5: #7060b8;
  --deployable: #0a736b; --deployable-back: #0b7d751a; --oracle: #7446c4; --oracle-back: #7446c41a;
  --warn: #8a5800; --warn-back: #fdf6e6; --warn-line: #ecd9a8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #13161a; --card: #1a1e24; --ink: #e4e6e9; --soft: #98a0aa; --line: #2c323a; --faint: #22272e;
    --accent: #7fb0ff; --benign: #63b57b; --malicious: #f0736b; --spread: #7aa8f0;
    --k0: #77a5ee; --k1: #ec9a58; --k2: #5cbdb6; --k3: #dd85bd; --k4: #b9b557; --k5: #a497e8;
    --deployable: #4fc9bd; --deployable-back: #4fc9bd1c; --oracle: #b194f5; --oracle-back: #b194f51f;
    --warn: #e8b04b; --warn-back: #262116; --warn-line: #4a3d1f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", sans-serif;
}
main, header { max-width: 1120px; margin: 0 auto; padding: 0 28px; }
header { padding-top: 44px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 8px; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 0 0 4px; letter-spacing: -0.005em; }
h3 { font-size: 15px; margin: 18px 0 4px; }
p { margin: 0 0 12px; max-width: 88ch; }
.soft { color: var(--soft); }
.eyebrow { font-size: 12px; letter-spacing: 0.08em; text-transform: uppercase; color: var(--soft); margin: 0 0 6px; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 3px; }
nav { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 18px 0 26px; font-size: 14px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 20px 22px; margin: 0 0 18px; scroll-margin-top: 12px; }
section > p:first-of-type { color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 0 0 18px; padding: 0; list-style: none; }
.tiles li { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
.tiles b { display: block; font-size: 26px; line-height: 1.2; font-weight: 600; font-variant-numeric: tabular-nums; letter-spacing: -0.02em; }
.tiles span { color: var(--soft); font-size: 13px; }
.warnings { background: var(--warn-back); border-color: var(--warn-line); }
.warnings h2 { color: var(--warn); }
.warnings ul { margin: 8px 0 0; padding-left: 20px; }
.warnings li { margin: 4px 0; max-width: 84ch; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; margin: 10px -22px 0; padding: 0 22px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-weight: 600; font-size: 12.5px; color: var(--soft); white-space: nowrap; }
th, td { padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); vertical-align: middle; }
tbody tr:last-child td, tbody tr:last-child th { border-bottom: 0; }
tbody th { color: var(--ink); font-size: 14px; font-weight: 500; }
th:last-child, td:last-child { padding-right: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.wide { width: 40%; }
code, pre, .mono { font: 12.5px/1.5 ui-monospace, "SF Mono", "DejaVu Sans Mono", "Liberation Mono", monospace; }
td code, th code { overflow-wrap: anywhere; }
.id { white-space: nowrap; }
pre { background: var(--faint); border-radius: 8px; padding: 12px 14px; margin: 10px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.badge { display: inline-block; font-size: 12px; line-height: 1; padding: 4px 8px; border-radius: 999px; white-space: nowrap; font-weight: 500; }
.deployable { color: var(--deployable); background: var(--deployable-back); }
.oracle { color: var(--oracle); background: var(--oracle-back); }
.plain { color: var(--soft); background: var(--faint); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 10px 0 0; padding: 0; list-style: none; font-size: 13.5px; }
.legend svg { width: 11px; height: 11px; margin-right: 7px; vertical-align: -1px; }
svg { display: block; }
.legend svg { display: inline-block; }
.bar { width: 100%; min-width: 220px; height: 22px; }
.spread { width: 130px; height: 14px; }
.benign { fill: var(--benign); } .malicious { fill: var(--malicious); }
.k0 { fill: var(--k0); } .k1 { fill: var(--k1); } .k2 { fill: var(--k2); }
.k3 { fill: var(--k3); } .k4 { fill: var(--k4); } .k5 { fill: var(--k5); }
.range { stroke: var(--line); stroke-width: 2; } .deviation { stroke: var(--spread); stroke-width: 6; }
.mean { fill: var(--ink); }
details { border-top: 1px solid var(--line); margin: 14px -22px 0; padding: 12px 22px 0; }
summary { cursor: pointer; font-weight: 500; }
summary .soft { font-weight: 400; }
td .soft, tbody th .soft { display: block; font-size: 12.5px; font-weight: 400; max-width: 62ch; white-space: normal; }
footer { color: var(--soft); font-size: 13px; padding: 6px 0 44px; }
@media (max-width: 640px) { main, header { padding-left: 16px; padding-right: 16px; } header { padding-top: 26px; } }
@media print { section, .tiles li { break-inside: avoid; } nav { display: none; } }
`;
