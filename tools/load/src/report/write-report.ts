/** A run on paper: a page with plots that needs no network, and the figures as JSON beside it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadResult } from '../run/run-load.ts';
import { escaped, lineChart } from './line-chart.ts';
import { runCharts } from './run-charts.ts';
import { summary } from './summary.ts';

/** Writes `report.html` and `report.json`; resolves with a line that says where. */
export async function writeReport(directory: string, result: LoadResult): Promise<string> {
  await mkdir(directory, { recursive: true });
  const page = join(directory, 'report.html');
  await writeFile(page, reportPage(result));
  await writeFile(join(directory, 'report.json'), `${JSON.stringify(withoutKey(result), null, 2)}\n`);
  return `The report is ${page}, its figures are in report.json beside it.`;
}

/** The page, whole in itself. */
export function reportPage(result: LoadResult): string {
  const { options, flow, samples, faults } = result;
  const { users, rooms, chatsPerSecond } = options;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Load: ${users} users in ${rooms} rooms</title>
<style>
  :root { color-scheme: light dark }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 800px; margin: 2rem auto; padding: 0 1rem }
  pre { overflow-x: auto; padding: 1rem; background: #8881; border-radius: 6px }
  .verdict { font-weight: 600; color: ${faults.length === 0 ? '#009e73' : '#d55e00'} }
  svg { width: 100%; margin: .5rem 0 1rem }
</style>
<h1>${users} users in ${rooms} rooms</h1>
<p>Flow <em>${escaped(flow)}</em>, ${chatsPerSecond} chats a second of all together.</p>
<p class="verdict">${faults.length === 0 ? 'All were served.' : 'Not all were served.'}</p>
<pre>${escaped(summary(result).trim())}</pre>
${runCharts(samples)
  .map((chart) => lineChart(chart))
  .join('\n')}
</html>
`;
}

/** The figures without the key of login tokens. */
function withoutKey({ options, ...rest }: LoadResult): object {
  const { running, ...others } = options;
  return { ...rest, options: { ...others, running: running?.front } };
}
