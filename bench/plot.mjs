// Draws bars by case and server, as a share of the limit, as a self-contained SVG.
import { CASES } from './tables.mjs';

const COLOURS = ['#9aa5b1', '#e39b5b', '#7a9e7e', '#3b6ea5', '#7b5ea7', '#a0555d'];
const [WIDTH, LEFT, BAR, GAP] = [820, 250, 12, 18];

export function plot({ cases, machine }) {
  const servers = Object.keys(cases.A).filter((name) => name !== 'limit');
  const most = Math.max(1, ...Object.values(cases).flatMap((byServer) => servers.map((name) => share(byServer, name))));
  const scale = (WIDTH - LEFT - 60) / most;
  const groupHeight = servers.length * BAR + GAP;
  const height = 60 + Object.keys(CASES).length * groupHeight + 20;
  const groups = Object.entries(CASES).map(([name, what], group) => {
    const top = 60 + group * groupHeight;
    const bars = servers.map((server, at) => {
      const value = share(cases[name], server);
      const y = top + at * BAR;
      const width = (value * scale).toFixed(1);
      return `<rect x="${LEFT}" y="${y}" width="${width}" height="${BAR - 2}" fill="${COLOURS[at + 1]}"/><text x="${LEFT + value * scale + 5}" y="${y + 9}" font-size="10">${value.toFixed(2)}</text>`;
    });
    const label = `<text x="${LEFT - 10}" y="${top + (servers.length * BAR) / 2 + 4}" text-anchor="end">${name}: ${what.replaceAll('`', '')}</text>`;
    return label + bars.join('');
  });
  const key = servers.map(
    (server, at) =>
      `<rect x="${LEFT + at * 130}" y="30" width="10" height="10" fill="${COLOURS[at + 1]}"/><text x="${LEFT + at * 130 + 15}" y="39">${server}</text>`,
  );
  const limitLine = `<line x1="${LEFT + scale}" x2="${LEFT + scale}" y1="50" y2="${height - 15}" stroke="${COLOURS[0]}" stroke-dasharray="4 3"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
<text x="10" y="20">Requests per second as a share of the limit (dashed), ${machine.date}</text>
${[limitLine, ...key, ...groups].join('\n')}
</svg>
`;
}

function share(byServer, name) {
  return (byServer[name]?.perSecond ?? 0) / byServer.limit.perSecond;
}
